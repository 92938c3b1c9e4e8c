import type { Target } from '../carriers/carrier.js';
import { findCarriers } from '../carriers/find-carriers.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { editYaml } from '../yaml/edit.js';
import { readValues } from '../yaml/values.js';

type Entry = Record<string, string>;

/**
 * Adds the entries of `images:` that a kustomization has for some images and another one lacks, as they are. Kustomize
 * goes by an entry's `name`, so that is what tells them.
 *
 * @param from the kustomization that has them
 * @param targets the images; entries of others are left out
 * @throws Error where a file is no valid YAML or cannot be changed in place
 */
export function addImages(text: string, file: string, from: OverlayFile, targets: readonly Target[]): string {
  const carriers = findCarriers(from, targets).filter(({ kind }) => kind === 'kustomize-image');
  const wanted = new Set(carriers.filter(({ path }) => path[0] === 'images').map(({ path }) => path[1]));
  const known = new Set(entriesOf(text, file).map((entry) => entry.name));
  const missing = entriesOf(from.text, from.path).filter((entry, index) => wanted.has(index) && !known.has(entry.name));
  // One after the other: the first may begin the list.
  return missing.reduce((result, entry) => editYaml(result, [{ path: ['images'], append: entry }], file), text);
}

function entriesOf(text: string, file: string): Entry[] {
  const root = readValues(text, file)[0];
  const list = root?.kind === 'map' ? root.entries.get('images') : undefined;
  return list?.kind !== 'list'
    ? []
    : list.items.map((item) =>
        item.kind !== 'map'
          ? {}
          : Object.fromEntries(
              [...item.entries].flatMap(([key, value]) => (value.kind === 'text' ? [[key, value.text]] : [])),
            ),
      );
}
