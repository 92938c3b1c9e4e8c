import { posix } from 'node:path';
import type { MapValue, YamlValue } from '../yaml/values.js';
import type { SideFiles } from './side-files.js';

/** Keys that say which object, and which container of it, a patch is of. */
const NAMING = new Set(['apiVersion', 'kind', 'name', 'namespace']);
/** Keys that say a version, in a patch. */
const SAYING = new Set(['image', 'tag', 'newTag', 'digest']);

/**
 * Whether a file holds a version and nothing else: a patch of an image.
 *
 * @param isVersion whether a text is a version that it may hold
 */
export async function isVersionAlone(
  files: SideFiles,
  path: string,
  isVersion: (text: string) => boolean,
): Promise<boolean> {
  const maps = await files.maps(path);
  const said = maps.flatMap((map) => leavesOf(map, ''));
  return (
    said.some(([key]) => SAYING.has(key)) &&
    said.every(([key, text]) => NAMING.has(key) || (SAYING.has(key) && isVersion(text)))
  );
}

function leavesOf(value: YamlValue, key: string): [key: string, text: string][] {
  switch (value.kind) {
    case 'text':
      return [[key, value.text]];
    case 'list':
      return value.items.flatMap((item) => leavesOf(item, key));
    case 'map':
      return [...value.entries].flatMap(([name, inner]) => leavesOf(inner, name));
  }
}

/** A kustomization without the patches of some files. An empty list is none. */
export function withoutPatches(root: MapValue, path: string, files: ReadonlySet<string>): MapValue {
  const isOne = (written: string) => files.has(posix.join(posix.dirname(path), written));
  const entries = [...root.entries].flatMap(([key, value]): [string, YamlValue][] => {
    if (!/^patches/.test(key) || value.kind !== 'list') {
      return [[key, value]];
    }
    const items = value.items.filter((item) => {
      const isPlain = item.kind === 'map' && item.entries.size === 1;
      const named = isPlain ? item.entries.get('path') : item;
      return named?.kind !== 'text' || !isOne(named.text);
    });
    return items.length === 0 ? [] : [[key, { ...value, items }]];
  });
  return { ...root, entries: new Map(entries) };
}
