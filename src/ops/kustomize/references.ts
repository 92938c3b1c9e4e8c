import { posix } from 'node:path';
import type { ItemMap } from '../yaml/append.js';
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

/** The keys that a list is known by: kustomize still reads the older ones. */
export const REFERENCE_KEYS: Record<ReferenceList, readonly string[]> = {
  resources: ['resources', 'bases'],
  patches: ['patches', 'patchesStrategicMerge'],
  components: ['components'],
};

export interface ReferenceEntry extends Reference {
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
  return referenceEntries(text, file)
    .sort((one, other) => one.line - other.line)
    .map(({ list, path, line, otherFields }) => ({ list, path, line, otherFields }));
}

/** Whether two references of one kustomization mean the same file or folder. */
export function samePath(one: string, other: string): boolean {
  return normalPath(one) === normalPath(other);
}

export function normalPath(path: string): string {
  return posix.normalize(path).replace(/\/$/, '');
}

export function referenceEntries(text: string, file: string): ReferenceEntry[] {
  const lists: ReferenceList[] = ['resources', 'patches', 'components'];
  return lists.flatMap((list) =>
    REFERENCE_KEYS[list].flatMap((key) =>
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

export function listAt(text: string, file: string, key: string): ListValue | undefined {
  const root = readValues(text, file)[0];
  const value = root?.kind === 'map' ? root.entries.get(key) : undefined;
  return value?.kind === 'list' && value.items.length > 0 ? value : undefined;
}
