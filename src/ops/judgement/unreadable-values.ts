import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { mapsIn, textsIn } from '../reconcilers/deployed-folder.js';
import { nameOf, valueAt } from '../reconcilers/fields.js';
import { openPath } from '../reconcilers/object-inputs.js';
import { type MapValue, mapAt, textAt, type YamlValue } from '../yaml/values.js';
import { plain } from './made-elsewhere.js';
import { objectsNamed } from './named-objects.js';
import type { Sides } from './new-in.js';
import { newIn } from './new-in.js';
import type { SideFiles } from './side-files.js';

/** Something that only the cluster reads, and that may hold a version. */
interface Unreadable {
  line: number;
  /** For people: `the Secret web-values`. */
  what: string;
  /** What tells it from others of the file, and from what it was. */
  key: string;
}

/**
 * What comes into an environment where versions may stand and nobody can read it: encrypted values of charts, and such that are
 * not in the repository. A Secret from which no chart takes values holds no version. What was there before is left alone.
 *
 * @returns sentences, for whoever approves it
 */
export async function unreadableValues(sides: Sides): Promise<string[]> {
  return (await newIn(sides, unreadableIn, (one, old) => one.key === old.key)).map(
    ({ path, found: { line, what } }) =>
      `${path}, line ${line}: ${what} comes into ${sides.environment}, where versions may stand, and nobody can read it here.`,
  );
}

async function unreadableIn(files: SideFiles, path: string): Promise<Unreadable[]> {
  const [text = '', objects] = await Promise.all([files.text(path), files.objects(path)]);
  const taken = await takenFrom(files);
  const all = objects.map((object) => unreadableOf(files, object, taken, path));
  const isWhole = objects.length === 0 && ENCRYPTED.test(text) && taken.files.get(path) === true;
  const whole = isWhole ? [{ line: 1, what: 'an encrypted file of values', key: text }] : [];
  return [...whole, ...(await Promise.all(all)).flat()];
}

/** @see https://github.com/getsops/sops#encryption-protocol */
const ENCRYPTED = /\bENC\[[A-Z0-9_]+,|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----|\$ANSIBLE_VAULT;/;

/** Kinds that hold values for others, and nothing that runs by itself. */
const HOLDING = /^(?:ConfigMap|Secret|SealedSecret|\w*ExternalSecret)$/;
/** Those of which the values are never in the repository as they are. */
const SEALED = /^(?:SealedSecret|\w*ExternalSecret)$/;

function isUnreadable(object: MapValue): boolean {
  return SEALED.test(textAt(object, 'kind') ?? '') || ENCRYPTED.test(plain(object));
}

async function unreadableOf(
  files: SideFiles,
  object: MapValue,
  { names, files: generated }: Taken,
  path: string,
): Promise<Unreadable[]> {
  const [kind = '', name = ''] = [textAt(object, 'kind'), nameOf(object)];
  if (HOLDING.test(kind)) {
    const isTaken = isUnreadable(object) && isNamed(names, name);
    return isTaken ? [{ line: object.line, what: `the ${kind} ${name}`, key: plain(object) }] : [];
  }
  const references = await Promise.all(valuesFrom(object).map((item) => unreadableReference(files, item)));
  const elsewhere = kind.startsWith('Application') ? schemesIn(object) : [];
  const isSecret = kind === '' && generated.get(path) === false;
  const encrypted = isSecret ? [] : encryptedIn(object).map((each) => ({ ...each, what: 'an encrypted value' }));
  return [...references.flat(), ...elsewhere, ...encrypted];
}

/** Values of a chart that nobody can read, or that are in no file. */
async function unreadableReference(files: SideFiles, item: MapValue): Promise<Unreadable[]> {
  const [kind = '', name = ''] = [textAt(item, 'kind'), textAt(item, 'name')];
  const found = (await objectsNamed(files, name)).filter(
    ({ object }) => HOLDING.test(textAt(object, 'kind') ?? '') || nameOf(object) !== name,
  );
  const isRead = found.length > 0 && !found.some(({ object }) => isUnreadable(object));
  const why = found.length === 0 ? 'which is in no file' : 'which is encrypted';
  return isRead ? [] : [{ line: item.line, what: `the ${kind} ${name}, ${why},`, key: plain(item) }];
}

function valuesFrom(object: MapValue): MapValue[] {
  const spec = mapAt(object, 'spec');
  return spec === undefined ? [] : mapsAt(spec, 'valuesFrom');
}

/** Files of values that Argo CD fetches or decrypts: `secrets://values.yaml`. */
function schemesIn(value: YamlValue): Unreadable[] {
  if (value.kind !== 'map') {
    return value.kind === 'list' ? value.items.flatMap(schemesIn) : [];
  }
  const own = textsIn(value.entries.get('valueFiles')).filter((text) => /^[\w+.-]+:\/\//.test(text));
  return [
    ...own.map((text) => ({ line: value.line, what: `the file of values ${text}`, key: text })),
    ...[...value.entries.values()].flatMap(schemesIn),
  ];
}

function encryptedIn(value: YamlValue): Omit<Unreadable, 'what'>[] {
  if (value.kind === 'text') {
    return ENCRYPTED.test(value.text) ? [{ line: value.line, key: value.text }] : [];
  }
  // What SOPS writes of itself says nothing of what it encrypts.
  const inner =
    value.kind === 'list' ? value.items : [...value.entries].flatMap(([key, each]) => (key === 'sops' ? [] : [each]));
  return inner.flatMap(encryptedIn);
}

/** What charts take values from. */
interface Taken {
  /** Names of objects. */
  names: ReadonlySet<string>;
  /** Files of which kustomize generates objects, and whether a chart takes values from these. */
  files: ReadonlyMap<string, boolean>;
}

const sides = new WeakMap<SideFiles, Promise<Taken>>();

function takenFrom(files: SideFiles): Promise<Taken> {
  const reading = sides.get(files) ?? readTaken(files);
  sides.set(files, reading);
  return reading;
}

async function readTaken(files: SideFiles): Promise<Taken> {
  const candidates = files.paths.filter((path) => /\.(ya?ml|json)$/.test(path) || isKustomization(path));
  const objects = await Promise.all(
    candidates.map(async (path) =>
      (await files.text(path))?.includes('valuesFrom') === true ? files.objects(path) : [],
    ),
  );
  const names = new Set(
    objects.flat().flatMap((each) => valuesFrom(each).flatMap((item) => textAt(item, 'name') ?? [])),
  );
  const generated = await Promise.all(
    candidates.filter(isKustomization).map(async (path) => generatedIn(path, await files.maps(path), names)),
  );
  return { names, files: new Map(generated.flat().sort(([, one], [, other]) => Number(one) - Number(other))) };
}

function generatedIn(path: string, maps: readonly MapValue[], names: ReadonlySet<string>): [string, boolean][] {
  const generators = maps.flatMap((map) =>
    ['configMapGenerator', 'secretGenerator'].flatMap((key) => mapsIn(valueAt(map, [key]))),
  );
  return generators.flatMap((generator) => {
    const written = ['files', 'envs'].flatMap((key) => textsIn(generator.entries.get(key)));
    const single = textAt(generator, 'env');
    return [...written, ...(single === undefined ? [] : [single])].map((text): [string, boolean] => [
      openPath(posix.join(posix.dirname(path), text.slice(text.indexOf('=') + 1))),
      isNamed(names, textAt(generator, 'name') ?? ''),
    ]);
  });
}

/** Kustomize puts words before and behind names. */
function isNamed(names: ReadonlySet<string>, name: string): boolean {
  return name !== '' && [...names].some((each) => each.includes(name));
}
