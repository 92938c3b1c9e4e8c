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

export interface ReferencePosition {
  /** What a patch has beside its path. */
  otherFields?: ItemMap | undefined;
  /** A reference of the same list that the new one should follow, where the list is not sorted. */
  after?: string | undefined;
  /** References that it has to come after, even where the list is sorted: of patches the later one wins. */
  afterAll?: readonly string[];
}

/**
 * Adds a reference in the file's own style: plain or `{path: …}`, with or without `./`, at its place where the list is
 * sorted, else beside its siblings; before a patch of the same folder whose name starts with `_`, since the later patch
 * wins. A list that is missing is begun. What is referred to already changes nothing.
 *
 * @throws Error naming file and line where the file is no valid YAML or cannot be changed in place
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
  const afterAll = siblings.filter((each) => placing.afterAll?.some((other) => samePath(each.path, other)));
  const place = Math.max(sorted, ...afterAll.map(({ index }) => index + 1));
  const at = place < length ? place : undefined;
  return editYaml(text, [{ path: [key], append: item, ...(at === undefined ? {} : { at }) }], file);
}

/**
 * Removes a reference; a list that is empty then goes with its key. What is not there changes nothing.
 *
 * @throws Error naming file and line where the file is no valid YAML or cannot be changed in place
 */
export function removeReference(text: string, list: ReferenceList, path: string, file: string): string {
  let result = text;
  for (const key of REFERENCE_KEYS[list]) {
    const going = referenceEntries(text, file).filter((each) => each.key === key && samePath(each.path, path));
    if (going.length === 0) {
      continue;
    }
    const whole = going.length === lengthOf(text, file, key) && keyCount(text, file) > 1;
    const paths = whole ? [[key]] : going.map(({ index }) => [key, index]);
    result = editYaml(
      result,
      paths.map((each) => ({ path: each, remove: true as const })),
      file,
    );
  }
  return result;
}

/** The key to add to: the older spelling where the file has that one only and it can say the same. */
function keyFor(text: string, file: string, list: ReferenceList, { otherFields }: ReferencePosition): string {
  const [current = list, older] = REFERENCE_KEYS[list];
  const takesOlder = older !== undefined && listAt(text, file, current) === undefined && otherFields === undefined;
  return takesOlder && listAt(text, file, older) !== undefined ? older : current;
}

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
