import { posix } from 'node:path';
import type { ItemMap } from '../yaml/append.js';
import { type ListValue, readValues, textAt, type YamlValue } from '../yaml/values.js';

/** The lists of a kustomization that refer to files and folders. */
export type ReferenceList = 'resources' | 'patches' | 'components';

/** A reference of a kustomization to a file or folder. Inline patches are not references. */
export interface Reference {
  list: ReferenceList;
  /** Path or address as written. */
  path: string;
  /** From 1. */
  line: number;
  /** Fields of a patch other than its path (`target`, `options`); `undefined` where it has none. */
  otherFields: ItemMap | undefined;
}

/**
 * The keys of each list. Kustomize still reads the second one, which is deprecated.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/bases/
 */
export const REFERENCE_KEYS: Record<ReferenceList, readonly string[]> = {
  resources: ['resources', 'bases'],
  patches: ['patches', 'patchesStrategicMerge'],
  components: ['components'],
};

/** A reference with its position in the text. */
export interface ReferenceEntry extends Reference {
  /** The key of its list, as the file spells it. */
  key: string;
  /** Index in that list, from 0. */
  index: number;
}

/**
 * The references of a kustomization in `resources`, `patches` and `components` (and in the older `bases` and
 * `patchesStrategicMerge`), in the order of the text.
 *
 * @throws InvalidYaml with file and line where the file is not valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function references(text: string, file: string): Reference[] {
  return referenceEntries(text, file)
    .sort((one, other) => one.line - other.line)
    .map(({ list, path, line, otherFields }) => ({ list, path, line, otherFields }));
}

/** Whether two references of a kustomization are to the same file or folder. */
export function samePath(one: string, other: string): boolean {
  return normalPath(one) === normalPath(other);
}

/** A path without `.` parts and without a slash at its end. */
export function normalPath(path: string): string {
  return posix.normalize(path).replace(/\/$/, '');
}

/** All references of a kustomization, list by list. */
export function referenceEntries(text: string, file: string): ReferenceEntry[] {
  const lists: ReferenceList[] = ['resources', 'patches', 'components'];
  return lists.flatMap((list) =>
    REFERENCE_KEYS[list].flatMap((key) =>
      (listAt(text, file, key)?.items ?? []).flatMap((item, index) => {
        const path = item.kind === 'map' ? textAt(item, 'path') : item.kind === 'text' ? item.text : undefined;
        // An inline patch in patchesStrategicMerge is a text of several lines.
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
      // The `options` of a patch are booleans; all of its other fields are texts.
      map[key] = entry.text === 'true' ? true : entry.text === 'false' ? false : entry.text;
    }
  }
  return map;
}

/** The list under a key of a kustomization; `undefined` where there is none or it is empty. */
export function listAt(text: string, file: string, key: string): ListValue | undefined {
  const root = readValues(text, file)[0];
  const value = root?.kind === 'map' ? root.entries.get(key) : undefined;
  return value?.kind === 'list' && value.items.length > 0 ? value : undefined;
}
