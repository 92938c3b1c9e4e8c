import { parseReference, sameRepository } from '../carriers/image-reference.js';
import { versionIn } from '../carriers/kinds/kustomize-image.js';
import { RECONCILERS } from '../reconcilers/all.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import { type MapValue, textAt, type YamlValue } from '../yaml/values.js';
import type { Reach } from './reach.js';
import type { SideFiles } from './side-files.js';

/** The names of images whose version an object that deploys a folder sets over all of its layers. */
export type SetNames = readonly string[];

/** What is set over the folders of a side: it is asked for with its images, and to compare it with the other side. */
const known = new WeakMap<Reach, Promise<ReadonlyMap<string, readonly SetNames[]>>>();

/**
 * What the objects of reconcilers that deploy a folder set over it, by folder: one list of names for each object. A folder that
 * several objects deploy runs what each of them sets.
 */
export function imagesOverFolders(files: SideFiles, reach: Reach): Promise<ReadonlyMap<string, readonly SetNames[]>> {
  const reading = known.get(reach) ?? readImagesOver(files, reach);
  known.set(reach, reading);
  return reading;
}

async function readImagesOver(files: SideFiles, reach: Reach): Promise<ReadonlyMap<string, readonly SetNames[]>> {
  const found = new Map<string, SetNames[]>();
  for (const path of reach.files.keys()) {
    for (const object of await files.objects(path)) {
      for (const folder of deployedBy(object)) {
        found.set(folder, [...(found.get(folder) ?? []), namesSetBy(object)]);
      }
    }
  }
  return found;
}

/** Whether all that deploy a folder set the version of an image of it, so that what the folder says of it never runs. */
export function isSetOver({ repository }: { repository: string }, setters: readonly SetNames[]): boolean {
  return setters.length > 0 && setters.every((names) => names.some((name) => sameRepository(name, repository)));
}

/** The folders over which something else is set on one side than on the other. */
export function changedFolders(
  before: ReadonlyMap<string, readonly SetNames[]>,
  after: ReadonlyMap<string, readonly SetNames[]>,
): ReadonlySet<string> {
  const said = (side: ReadonlyMap<string, readonly SetNames[]>, folder: string) =>
    JSON.stringify((side.get(folder) ?? []).map((names) => [...names].sort().join(' ')).sort());
  return new Set([...before.keys(), ...after.keys()].filter((folder) => said(before, folder) !== said(after, folder)));
}

function deployedBy(object: MapValue): readonly string[] {
  return RECONCILERS.flatMap((reconciler) => (reconciler satisfies Reconciler).inputsOf(object)?.paths ?? []);
}

/** Of an object with several sources, nobody can tell for which of them an entry is. */
function namesSetBy(object: MapValue): string[] {
  return hasSources(object) ? [] : [...entriesIn(object)].flatMap(nameSetBy);
}

function hasSources(value: YamlValue): boolean {
  return value.kind === 'map' && [...value.entries].some(([key, inner]) => key === 'sources' || hasSources(inner));
}

/** The items of all lists `images` in an object. */
function* entriesIn(value: YamlValue): Generator<YamlValue> {
  for (const [key, inner] of value.kind === 'map' ? value.entries : []) {
    if (key === 'images' && inner.kind === 'list') {
      yield* inner.items;
    } else {
      yield* entriesIn(inner);
    }
  }
}

/** Which name an entry sets a version of: of `{name, newTag, digest}`, or `name=repository:tag@digest`. */
function nameSetBy(entry: YamlValue): string[] {
  if (entry.kind === 'map') {
    const { tag, digest } = versionIn(entry);
    const name = textAt(entry, 'name');
    return name === undefined || (tag ?? digest) === undefined ? [] : [name];
  }
  if (entry.kind !== 'text') {
    return [];
  }
  const at = entry.text.indexOf('=');
  const reference = parseReference(entry.text.slice(at + 1));
  const hasVersion = (reference?.tag ?? reference?.digest) !== undefined;
  return reference === undefined || !hasVersion ? [] : [at < 0 ? reference.name : entry.text.slice(0, at)];
}
