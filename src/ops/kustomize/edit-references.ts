import { posix } from 'node:path';
import type { ItemMap } from '../yaml/append.js';
import { editYaml } from '../yaml/edit.js';
import { readValues } from '../yaml/values.js';
import {
  listAt,
  normalPath,
  REFERENCE_KEYS,
  type ReferenceEntry,
  type ReferenceList,
  referenceEntries,
  samePath,
} from './references.js';

/** How and where a new reference is written. */
export interface ReferencePosition {
  /** Fields of a patch other than its path: `target`, `options`. */
  otherFields?: ItemMap | undefined;
  /** The reference of the same list that the new one follows, where the list is not sorted. */
  after?: string | undefined;
  /** References that it must come after even in a sorted list, because the later of two patches wins. */
  afterAll?: readonly string[];
}

/**
 * Adds a reference to a kustomization, in the style of the file: plain or `{path: …}`, with or without `./`. In a
 * sorted list it goes where it sorts, otherwise next to references of the same folder, but before a patch of that
 * folder whose name starts with `_`, because the later of two patches wins. A missing list is created. A reference that
 * is already there changes nothing.
 *
 * @param text the kustomization
 * @param path file or folder, relative to the kustomization
 * @param file path of the kustomization, for messages
 * @returns the new text
 * @throws Error with file and line where the file is not valid YAML or cannot be edited in place
 */
export function addReference(
  text: string,
  list: ReferenceList,
  path: string,
  file: string,
  placing: ReferencePosition = {},
): string {
  const listed = referenceEntries(text, file).filter((reference) => reference.list === list);
  if (listed.some((reference) => samePath(reference.path, path))) {
    return text;
  }
  const key = keyFor(text, file, list, placing);
  const siblings = listed.filter((reference) => reference.key === key);
  const inside = siblings.filter((reference) => !reference.path.startsWith('../'));
  const dotted = inside.length > 0 && inside.every((reference) => reference.path.startsWith('./'));
  const written = dotted && !path.startsWith('.') ? `./${path}` : path;
  const item = key === 'patches' ? { path: written, ...placing.otherFields } : written;
  const length = lengthOf(text, file, key);
  const sorted = insertionIndex(siblings, path, length, placing.after) ?? length;
  const earlier = siblings.filter((each) => placing.afterAll?.some((other) => samePath(each.path, other)));
  const index = Math.max(sorted, ...earlier.map((each) => each.index + 1));
  const at = index < length ? index : undefined;
  return editYaml(text, [{ path: [key], append: item, ...(at === undefined ? {} : { at }) }], file);
}

/**
 * Removes a reference from a kustomization. A list that would be empty is removed with its key. A reference that is not
 * there changes nothing.
 *
 * @param text the kustomization
 * @param path file or folder, relative to the kustomization
 * @param file path of the kustomization, for messages
 * @returns the new text
 * @throws Error with file and line where the file is not valid YAML or cannot be edited in place
 */
export function removeReference(text: string, list: ReferenceList, path: string, file: string): string {
  let result = text;
  for (const key of REFERENCE_KEYS[list]) {
    const removed = referenceEntries(text, file).filter((each) => each.key === key && samePath(each.path, path));
    if (removed.length === 0) {
      continue;
    }
    const whole = removed.length === lengthOf(text, file, key) && keyCount(text, file) > 1;
    const paths = whole ? [[key]] : removed.map(({ index }) => [key, index]);
    result = editYaml(
      result,
      paths.map((each) => ({ path: each, remove: true as const })),
      file,
    );
  }
  return result;
}

/** The key to add to: the older one (`bases`) where the file has only that, and it can express the reference. */
function keyFor(text: string, file: string, list: ReferenceList, { otherFields }: ReferencePosition): string {
  const [current = list, older] = REFERENCE_KEYS[list];
  const takesOlder = older !== undefined && listAt(text, file, current) === undefined && otherFields === undefined;
  return takesOlder && listAt(text, file, older) !== undefined ? older : current;
}

/** The index at which a reference is inserted, from 0; `undefined` for the end of the list. */
function insertionIndex(siblings: readonly ReferenceEntry[], path: string, length: number, after: string | undefined) {
  const paths = siblings.map((each) => normalPath(each.path));
  const sorted = paths.every((each, index) => index === 0 || (paths[index - 1] ?? '') <= each);
  if (siblings.length > 1 && siblings.length === length && sorted) {
    return siblings.find((_, index) => (paths[index] ?? '') > normalPath(path))?.index;
  }
  const leader = siblings.find((each) => after !== undefined && samePath(each.path, after));
  const family = siblings.filter((each) => posix.dirname(normalPath(each.path)) === posix.dirname(normalPath(path)));
  const last = leader ?? family.findLast((each) => !isEnvironmentOnly(each.path));
  return last === undefined ? family.find((each) => isEnvironmentOnly(each.path))?.index : last.index + 1;
}

/** Whether a patch stays in its environment: its name starts with `_`. */
function isEnvironmentOnly(path: string): boolean {
  return posix.basename(path).startsWith('_');
}

function lengthOf(text: string, file: string, key: string): number {
  return listAt(text, file, key)?.items.length ?? 0;
}

function keyCount(text: string, file: string): number {
  const root = readValues(text, file)[0];
  return root?.kind === 'map' ? root.entries.size : 0;
}
