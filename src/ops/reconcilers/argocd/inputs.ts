import { posix } from 'node:path';
import { type MapValue, textAt, type YamlValue } from '../../yaml/values.js';
import { mapsIn, textsIn } from '../deployed-folder.js';
import { hasShape, mapAt, valueAt } from '../fields.js';
import { type Destination, fieldText, type ObjectInputs, type ObjectReference, openPath } from '../object-inputs.js';
import { filledIn, type Parameters, parametersOf } from './generators.js';
import { APPLICATION, APPLICATION_SET } from './shape.js';

/**
 * What an object of Argo CD takes in: folders, charts and files of values of its sources, what its generators read, and its
 * project.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/
 */
export function inputsOfArgocd(object: MapValue): ObjectInputs | undefined {
  if (textAt(object, 'apiVersion')?.startsWith(`${APPLICATION.apiGroup}/`) !== true) {
    return undefined;
  }
  const made = applicationsOf(object);
  const generated = hasShape(object, APPLICATION_SET) ? generatorPaths(valueAt(object, ['spec', 'generators'])) : [];
  return {
    paths: [...new Set([...made.flatMap(pathsOf), ...generated.map(openPath)])],
    objects: made.flatMap(projectOf),
  };
}

/** Where an Application deploys to, or each that an ApplicationSet makes; none for other objects. */
export function destinationsOfArgocd(object: MapValue): Destination[] {
  return applicationsOf(object).map(({ application, parameters }) => {
    const text = (key: string) => {
      const written = fieldText(application, 'spec', 'destination', key);
      return written === undefined ? undefined : filledIn(written, parameters, '*');
    };
    const cluster = withoutSlashes(text('server') || text('name'));
    return { cluster: isOwn(cluster) ? undefined : cluster, namespace: text('namespace') };
  });
}

/** With slashes at its end, an address is the same. */
function withoutSlashes(address: string | undefined): string | undefined {
  let end = address?.length ?? 0;
  while (address?.[end - 1] === '/') {
    end -= 1;
  }
  return address?.slice(0, end);
}

/** Whether a destination is the cluster that Argo CD itself runs in. */
function isOwn(cluster: string | undefined): boolean {
  return cluster === 'in-cluster' || cluster?.replace(/\/$/, '') === 'https://kubernetes.default.svc';
}

/** An Application, or the template of one with what a generator fills in. */
interface Made {
  application: MapValue;
  parameters: Parameters;
}

function applicationsOf(object: MapValue): Made[] {
  if (hasShape(object, APPLICATION)) {
    return [{ application: object, parameters: new Map() }];
  }
  const application = hasShape(object, APPLICATION_SET) ? mapAt(object, 'spec', 'template') : undefined;
  if (application === undefined) {
    return [];
  }
  const all = parametersOf(valueAt(object, ['spec', 'generators']));
  // `templatePatch` may set any field of any of them.
  const patched = fieldText(object, 'spec', 'templatePatch') === undefined ? all : [new Map()];
  return patched.map((parameters) => ({ application, parameters }));
}

function pathsOf({ application, parameters }: Made): string[] {
  const single = mapAt(application, 'spec', 'source');
  const sources = [...(single === undefined ? [] : [single]), ...mapsIn(valueAt(application, ['spec', 'sources']))];
  const hydrated = fieldText(application, 'spec', 'sourceHydrator', 'drySource', 'path');
  const own = sources.flatMap((source) => pathsOfSource(source, parameters));
  return [...own, ...(hydrated === undefined ? [] : [openPath(filledIn(hydrated, parameters, '*'))])];
}

function pathsOfSource(source: MapValue, parameters: Parameters): string[] {
  const fill = (text: string) => filledIn(text, parameters, '*');
  const written = textAt(source, 'path');
  const path = written === undefined ? undefined : openPath(fill(written));
  const files = [
    ...textsIn(valueAt(source, ['helm', 'valueFiles'])),
    ...mapsIn(valueAt(source, ['helm', 'fileParameters'])).flatMap((each) => textAt(each, 'path') ?? []),
    ...textsIn(valueAt(source, ['kustomize', 'components'])),
  ].map(fill);
  const values = files.flatMap((file) => {
    if (/^\w+:\/\//.test(file)) {
      return [];
    }
    // `$values/web/values.yaml` is a path from the root of the source with that name.
    const rooted = /^\$[^/]+\/(.*)$/.exec(file)?.[1];
    return [openPath(rooted ?? (file.startsWith('/') ? file : posix.join(path ?? '', file)))];
  });
  return [...(path === undefined ? [] : [path]), ...values];
}

function projectOf({ application, parameters }: Made): ObjectReference[] {
  const project = fieldText(application, 'spec', 'project');
  return project === undefined ? [] : [{ kind: 'AppProject', name: filledIn(project, parameters) }];
}

/** The files and folders that generators read, however deep in a matrix or a merge they are. */
function generatorPaths(value: YamlValue | undefined): string[] {
  if (value === undefined || value.kind === 'text') {
    return [];
  }
  if (value.kind === 'list') {
    return value.items.flatMap(generatorPaths);
  }
  const git = mapAt(value, 'git');
  const own = ['files', 'directories'].flatMap((key) =>
    git === undefined ? [] : mapsIn(git.entries.get(key)).flatMap((each) => textAt(each, 'path') ?? []),
  );
  return [
    ...own.map((path) => path.replace(/\{\{[^{}]*\}\}/g, '*')),
    ...[...value.entries.values()].flatMap(generatorPaths),
  ];
}
