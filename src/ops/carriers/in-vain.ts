import type { Carrier, ImageTarget } from './carrier.js';
import { imageUpdater } from './other-writers.js';
import type { OverlayFile } from './overlay-file.js';
import { overwriting } from './overwritten.js';
import { templatedImage } from './templated-image.js';

/**
 * Lets nothing be changed where that would change nothing that runs, or where something else would take it back.
 *
 * @param changed the files that would change
 * @throws Error with the reason and what to do instead
 */
export function refuseInVain(
  files: readonly OverlayFile[],
  carriers: readonly Carrier[],
  changed: readonly Pick<OverlayFile, 'path'>[],
): void {
  const paths = new Set(changed.map(({ path }) => path));
  const changing = carriers.filter(({ file }) => paths.has(file));
  const reason =
    carriers.flatMap(({ blocked }) => blocked ?? [])[0] ??
    files.flatMap(({ path, untouchable }) =>
      paths.has(path) && untouchable !== undefined ? [`${path}: ${untouchable}`] : [],
    )[0] ??
    changing.flatMap((carrier) => imageUpdater(files, carrier) ?? [])[0] ??
    templatedImage(files, changing) ??
    overwriting(files, changing);
  if (reason !== undefined) {
    throw new Error(reason);
  }
}

/**
 * The same for entries that `images` of a kustomization is to get.
 *
 * @param path of the kustomization
 * @throws Error as `refuseInVain` does
 */
export function refuseNewEntries(files: readonly OverlayFile[], path: string, targets: readonly ImageTarget[]): void {
  const carriers = targets.map((target): Carrier => {
    const { repository } = target;
    const place = { file: path, document: 0, path: ['images'], line: 1, edits: [] };
    return { ...place, kind: 'kustomize-image', target, current: { repository }, certain: true };
  });
  refuseInVain(files, carriers, [{ path }]);
}
