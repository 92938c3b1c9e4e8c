import { posix } from 'node:path';
import type { ItemMap } from '../yaml/append.js';
import { editYaml } from '../yaml/edit.js';
import { type ListValue, readValues, textAt, type YamlValue } from '../yaml/values.js';

/** The lists of a kustomization that take in files and folders of the repository. */
export type ReferenceList = 'resources' | 'patches' | 'components';

/** One reference of a kustomization, inline patches left out. */
export interface Reference {
  list: ReferenceList;
  /** As written. */
  path: string;
  /** From 1. */
  line: number;
  /** What a patch has beside its path (`target`, `options`); `undefined` where it has nothing. */
  otherFields: ItemMap | undefined;
}

export interface ReferencePosition {
  /** What a patch has beside its path. */
  otherFields?: ItemMap | undefined;
  /** A reference of the same list that the new one should follow, where the list is not sorted. */
  after?: string | undefined;
  /** References that it has to come after, even where the list is sorted: of patches the later one wins. */
  afterAll?: readonly string[];
}

/** The keys that a list is known by: kustomize still reads the older ones. */
const KEYS: Record<ReferenceList, readonly string[]> = {
  resources: ['resources', 'bases'],
  patches: ['patches', 'patchesStrategicMerge'],
  components: ['components'],
};

interface FoundReference extends Reference {
  key: string;
  index: number;
}

/**
 * What a kustomization refers to with `resources`, `patches` and `components` (and their older spellings `bases` and
 * `patchesStrategicMerge`), in the order of the text.
 *
 * @throws Error naming file and line where the file is no valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function references(text: string, file: string): Reference[] {
  return allReferences(text, file)
    .sort((one, other) => one.line - other.line)
    .map(({ list, path, line, otherFields }) => ({ list, path, line, otherFields }));
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
  const listed = allReferences(text, file).filter((reference) => reference.list === list);
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
  for (const key of KEYS[list]) {
    const going = allReferences(text, file).filter((each) => each.key === key && samePath(each.path, path));
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

/** Whether two references of one kustomization mean the same file or folder. */
export function samePath(one: string, other: string): boolean {
  return normal(one) === normal(other);
}

function normal(path: string): string {
  return posix.normalize(path).replace(/\/$/, '');
}

function allReferences(text: string, file: string): FoundReference[] {
  const lists: ReferenceList[] = ['resources', 'patches', 'components'];
  return lists.flatMap((list) =>
    KEYS[list].flatMap((key) =>
      (listAt(text, file, key)?.items ?? []).flatMap((item, index) => {
        const path = item.kind === 'map' ? textAt(item, 'path') : item.kind === 'text' ? item.text : undefined;
        // An inline patch among patchesStrategicMerge is text over several lines.
        return path === undefined || path === '' || path.includes('\n')
          ? []
          : [{ list, key, index, path, line: item.line, otherFields: otherFieldsOf(item) }];
      }),
    ),
  );
}

function otherFieldsOf(item: YamlValue): ItemMap | undefined {
  const otherFields = item.kind === 'map' ? Object.entries(mapOf(item)).filter(([key]) => key !== 'path') : [];
  return otherFields.length === 0 ? undefined : Object.fromEntries(otherFields);
}

function mapOf(value: Extract<YamlValue, { kind: 'map' }>): ItemMap {
  const map: ItemMap = {};
  for (const [key, entry] of value.entries) {
    if (entry.kind === 'map') {
      map[key] = mapOf(entry);
    } else if (entry.kind === 'text') {
      // Kustomize's `options` are booleans, everything else of a patch is text.
      map[key] = entry.text === 'true' ? true : entry.text === 'false' ? false : entry.text;
    }
  }
  return map;
}

/** The key to add to: the older spelling where the file has that one only and it can say the same. */
function keyFor(text: string, file: string, list: ReferenceList, { otherFields }: ReferencePosition): string {
  const [current = list, older] = KEYS[list];
  const takesOlder = older !== undefined && listAt(text, file, current) === undefined && otherFields === undefined;
  return takesOlder && listAt(text, file, older) !== undefined ? older : current;
}

function insertionIndex(siblings: readonly FoundReference[], path: string, length: number, after: string | undefined) {
  const paths = siblings.map((each) => normal(each.path));
  const sorted = paths.every((each, index) => index === 0 || (paths[index - 1] ?? '') <= each);
  if (siblings.length > 1 && siblings.length === length && sorted) {
    return siblings.find((_, index) => (paths[index] ?? '') > normal(path))?.index;
  }
  const leader = siblings.find((each) => after !== undefined && samePath(each.path, after));
  const family = siblings.filter((each) => posix.dirname(normal(each.path)) === posix.dirname(normal(path)));
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

function listAt(text: string, file: string, key: string): ListValue | undefined {
  const root = readValues(text, file)[0];
  const value = root?.kind === 'map' ? root.entries.get(key) : undefined;
  return value?.kind === 'list' && value.items.length > 0 ? value : undefined;
}
