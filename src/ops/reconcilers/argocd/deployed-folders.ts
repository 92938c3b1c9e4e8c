import { posix } from 'node:path';
import { parseRemote } from '../../kustomize/remote.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import { type DeployedFolder, mapsIn, plainPath, type Revision, textsIn } from '../deployed-folder.js';
import { hasShape, mapAt, nameOf, valueAt } from '../fields.js';
import { filledIn, type Parameters, parametersOf } from './generators.js';
import { APPLICATION, APPLICATION_SET } from './shape.js';

/**
 * The folders of git repositories that an Application deploys, and those of each Application that an ApplicationSet
 * generates, as far as its generators say it plainly.
 */
export function foldersOfApplication(object: MapValue): DeployedFolder[] {
  if (hasShape(object, APPLICATION)) {
    return foldersOf(object, new Map());
  }
  const template = hasShape(object, APPLICATION_SET) ? mapAt(object, 'spec', 'template') : undefined;
  return template === undefined
    ? []
    : parametersOf(valueAt(object, ['spec', 'generators'])).flatMap((parameters) => foldersOf(template, parameters));
}

function foldersOf(application: MapValue, parameters: Parameters): DeployedFolder[] {
  const single = mapAt(application, 'spec', 'source');
  const sources = [...(single === undefined ? [] : [single]), ...mapsIn(valueAt(application, ['spec', 'sources']))];
  const words = [
    ...textsIn(mapAt(application, 'metadata', 'labels')),
    ...textsIn(mapAt(application, 'spec', 'destination')),
  ].map((word) => filledIn(word, parameters));
  const name = filledIn(nameOf(application) ?? '', parameters);
  const known = { name, words: [...words, ...parameters.values()].filter((word) => !word.includes('{{')) };
  const isUpdated = textsIn(mapAt(application, 'metadata', 'annotations')).length > 0;
  return sources.flatMap((source) =>
    foldersOfSource(source, sources, parameters).map((each) => ({
      ...{ ...each, ...known },
      isSetting: isUpdated || source.entries.has('kustomize') || source.entries.has('helm'),
    })),
  );
}

function foldersOfSource(
  source: MapValue,
  all: readonly MapValue[],
  parameters: Parameters,
): Omit<DeployedFolder, 'name' | 'words'>[] {
  const written = textAt(source, 'path');
  const repository = repositoryOf(source, parameters);
  const path = written === undefined ? undefined : plainPath(filledIn(written, parameters, '*'));
  const files = textsIn(valueAt(source, ['helm', 'valueFiles'])).map((file) => filledIn(file, parameters, '*'));
  const own = files.flatMap((file) => (path === undefined ? [] : (plainFile(posix.join('/', path, file)) ?? [])));
  const revision = revisionOf(source, parameters);
  const found =
    path === undefined
      ? []
      : [{ path, values: own.filter((_, index) => !isOfOther(files[index])), repository, revision }];
  return [...found, ...all.flatMap((other) => valuesFrom(other, files, parameters))];
}

/** Values that a source takes from another source of the Application: `$values/web/values.yaml`. */
function valuesFrom(other: MapValue, files: readonly string[], parameters: Parameters) {
  const ref = textAt(other, 'ref');
  const values = files
    .filter((file) => file.startsWith(`$${ref}/`))
    .flatMap((file) => plainFile(file.slice(`$${ref}/`.length)) ?? []);
  return ref === undefined || values.length === 0
    ? []
    : [
        {
          ...{ path: posix.dirname(values[0] ?? ''), values, repository: repositoryOf(other, parameters) },
          revision: revisionOf(other, parameters),
        },
      ];
}

function isOfOther(file = ''): boolean {
  return file.startsWith('$') || /^\w+:\/\//.test(file);
}

function plainFile(path: string): string | undefined {
  return path.includes('*') ? undefined : plainPath(path);
}

/**
 * A commit, a full name of a tag, and what is a version are no branches.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/#git
 */
function revisionOf(source: MapValue, parameters: Parameters): Revision | undefined {
  const name = filledIn(textAt(source, 'targetRevision') ?? '', parameters).replace(/^refs\/heads\//, '');
  return name === '' || name === 'HEAD' || name.includes('{{') ? undefined : { name, isPinned: isPinned(name) };
}

/** `1.4`, `shop-v1.4.2`, `1.x`, `2.0.0-rc.1`: the end of a name, after whatever it begins with. */
const VERSION = /\d(?:\.(?:\d+|x|\*)){1,2}(?:[-+]|$)/;

function isPinned(revision: string): boolean {
  return /^[0-9a-f]{7,40}$/.test(revision) || revision.startsWith('refs/tags/') || VERSION.test(revision);
}

function repositoryOf(source: MapValue, parameters: Parameters): string {
  const url = filledIn(textAt(source, 'repoURL') ?? '', parameters);
  return (parseRemote(url)?.repository ?? url).toLowerCase();
}
