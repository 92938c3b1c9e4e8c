import { posix } from 'node:path';
import { isKustomization } from '../../../kustomize/kustomization.js';
import { mapsIn } from '../../../reconcilers/deployed-folder.js';
import { hasShape, mapAt, nameOf, namespaceOf, valueAt } from '../../../reconcilers/fields.js';
import { KUSTOMIZATION } from '../../../reconcilers/flux/shape.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import { type MapValue, textAt } from '../../../yaml/values.js';
import { listedLike } from '../cluster-object.js';
import { type FolderObjects, objectsBeside } from './folder-objects.js';
import { nothing, type Reporting, together, type Written } from './reporting.js';

const GROUP = 'notification.toolkit.fluxcd.io';
const PROVIDER = { apiGroup: GROUP, kind: 'Provider' };
const ALERT = { apiGroup: GROUP, kind: 'Alert' };

/** Name of the Provider, the Alert and the Secret, and of the file. */
const NAME = 'ops-status';
const FILE = `${NAME}.yaml`;

/** Where `flux bootstrap` puts its own. */
const USUAL_NAMESPACE = 'flux-system';

/** A Kustomization of the environment, as its file has it. */
interface Found {
  name: string;
  namespace: string;
  file: string;
  waits: boolean;
}

/**
 * A Provider and an Alert beside the Kustomizations of an environment, in each folder that has some: for Flux to post on the ops
 * repository. What is there already stays. The Secret with the token is named, and written by nobody.
 *
 * @throws what a failed request throws
 */
export async function fluxReports(reporting: Reporting): Promise<Written> {
  const own = reporting.objects.filter(({ object }) => object.startsWith('Kustomization/'));
  const folders = await objectsBeside(
    reporting.tree,
    own.map(({ file }) => file),
  );
  const names = new Set(own.map(({ name }) => name));
  return together(
    await Promise.all(folders.map((folder) => reportsIn(reporting, folder, kustomizationsIn(folder, own, names)))),
  );
}

function kustomizationsIn({ files }: FolderObjects, own: Reporting['objects'], names: ReadonlySet<string>): Found[] {
  return files.flatMap(({ path, objects }) =>
    objects
      .filter((object) => hasShape(object, KUSTOMIZATION) && own.some(({ file }) => file === path))
      .flatMap((object): Found[] => {
        const name = nameOf(object) ?? '';
        const wait = valueAt(object, ['spec', 'wait']);
        const waits = wait?.kind === 'text' && wait.text === 'true';
        return names.has(name) ? [{ name, namespace: namespaceOf(object) ?? USUAL_NAMESPACE, file: path, waits }] : [];
      }),
  );
}

async function reportsIn(reporting: Reporting, folder: FolderObjects, own: readonly Found[]): Promise<Written> {
  const [first] = own;
  const written = nothing();
  if (first === undefined) {
    return written;
  }
  written.advice.push(...own.filter(({ waits }) => !waits).map(waiting));
  const objects = folder.files.flatMap((file) => file.objects);
  const there = objects.find((object) => isProviderOf(object, reporting.address));
  const namespace = there === undefined ? first.namespace : (namespaceOf(there) ?? first.namespace);
  const provider = there === undefined ? NAME : (nameOf(there) ?? NAME);
  const isAlerted = objects.some((object) => hasShape(object, ALERT) && isFrom(object, provider, own));
  const needed = [
    ...(there === undefined ? [providerFor(reporting, namespace, own)] : []),
    ...(isAlerted ? [] : [alertFor(provider, namespace, own)]),
  ];
  if (there !== undefined) {
    written.open.push(...withoutExpression(reporting, there, own));
  } else {
    written.secrets.push(`${namespace}/${NAME}`);
  }
  return needed.length === 0
    ? written
    : put(reporting, folder, first, needed.map((each) => toYaml(each)).join('---\n'), written);
}

/** Adds the file, unless somebody has one of that name, and lists it where the others are listed. */
async function put(
  { tree }: Reporting,
  { folder, names }: FolderObjects,
  first: Found,
  text: string,
  written: Written,
): Promise<Written> {
  const path = posix.join(folder, FILE);
  if (names.includes(FILE)) {
    written.open.push({
      what: `${path} is there already, and no file is overwritten. Add to it, or beside it:`,
      lines: text,
    });
    return written;
  }
  written.files.set(path, text);
  const list = await listedLike(tree, folder, names, { name: posix.basename(first.file), target: FILE });
  if (list !== undefined) {
    written.files.set(list.path, list.text);
    written.before.set(list.path, list.before);
  } else if (names.some(isKustomization)) {
    const kustomization = posix.join(folder, names.find(isKustomization) ?? '');
    written.open.push({
      what: `${kustomization} does not list ${posix.basename(first.file)}, so whether it has to list ${FILE} is not known. Where it takes in the others, add:`,
      lines: `resources:\n  - ${FILE}\n`,
    });
  }
  return written;
}

function providerFor({ address, environment, alike }: Reporting, namespace: string, own: readonly Found[]) {
  const isMixedUp = own.some(({ name }) => alike.has(name));
  return {
    apiVersion: `${GROUP}/v1beta3`,
    kind: 'Provider',
    metadata: { name: NAME, namespace },
    spec: {
      type: 'github',
      address,
      secretRef: { name: NAME },
      ...(isMixedUp ? { commitStatusExpr: expressionFor(environment) } : {}),
    },
  };
}

function alertFor(provider: string, namespace: string, own: readonly Found[]) {
  const others = [...new Set(own.map((each) => each.namespace))].filter((each) => each !== namespace);
  const source = { kind: 'Kustomization', name: '*' };
  const isHere = own.some((each) => each.namespace === namespace);
  return {
    apiVersion: `${GROUP}/v1beta3`,
    kind: 'Alert',
    metadata: { name: NAME, namespace },
    spec: {
      providerRef: { name: provider },
      eventSeverity: 'info',
      eventSources: [...(isHere ? [source] : []), ...others.map((each) => ({ ...source, namespace: each }))],
    },
  };
}

/** The context in which a Kustomization reports where its name alone does not say of which environment it is. */
export function contextFor(name: string, environment: string): string {
  return `kustomization/${name}/${environment}`;
}

function expressionFor(environment: string): string {
  return `'kustomization/' + event.involvedObject.name + '/${environment}'`;
}

function withoutExpression({ environment, alike }: Reporting, provider: MapValue, own: readonly Found[]) {
  const isOpen =
    own.some(({ name }) => alike.has(name)) && valueAt(provider, ['spec', 'commitStatusExpr']) === undefined;
  return isOpen
    ? [
        {
          what: `Another environment has Kustomizations of the same names. Let the Provider ${nameOf(provider) ?? ''} say which is which, under "spec":`,
          lines: `commitStatusExpr: "${expressionFor(environment)}"\n`,
        },
      ]
    : [];
}

function waiting({ name, file }: Found) {
  return {
    what: `${name} in ${file} reports as soon as it is applied, whether anything of it works or not, HelmReleases too. Under "spec" it waits for that:`,
    lines: 'wait: true\ntimeout: 5m\n',
  };
}

/** Whether an object posts on the ops repository. */
function isProviderOf(object: MapValue, address: string): boolean {
  const spec = hasShape(object, PROVIDER) ? mapAt(object, 'spec') : undefined;
  return (
    spec !== undefined &&
    textAt(spec, 'type') === 'github' &&
    plainAddress(textAt(spec, 'address')) === plainAddress(address)
  );
}

function plainAddress(address = ''): string {
  return address
    .toLowerCase()
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
}

/** Whether an Alert tells a Provider of all of these Kustomizations. */
function isFrom(alert: MapValue, provider: string, own: readonly Found[]): boolean {
  const reference = mapAt(alert, 'spec', 'providerRef');
  const here = namespaceOf(alert) ?? USUAL_NAMESPACE;
  const sources = mapsIn(valueAt(alert, ['spec', 'eventSources'])).filter(
    (each) => textAt(each, 'kind') === 'Kustomization',
  );
  const covers = ({ name, namespace }: Found) =>
    sources.some(
      (each) => ['*', name].includes(textAt(each, 'name') ?? '') && (textAt(each, 'namespace') ?? here) === namespace,
    );
  const severity = textAt(mapAt(alert, 'spec') ?? alert, 'eventSeverity') ?? 'info';
  return reference !== undefined && textAt(reference, 'name') === provider && severity === 'info' && own.every(covers);
}
