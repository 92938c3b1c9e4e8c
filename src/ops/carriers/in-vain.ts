import type { Carrier, ImageTarget } from './carrier.js';
import { globalTag } from './global-tag.js';
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
  const reason = inVain(files, carriers, changed);
  if (reason !== undefined) {
    throw new Error(reason);
  }
}

function inVain(
  files: readonly OverlayFile[],
  carriers: readonly Carrier[],
  changed: readonly Pick<OverlayFile, 'path'>[],
): string | undefined {
  const paths = new Set(changed.map(({ path }) => path));
  const changing = carriers.filter(({ file }) => paths.has(file));
  return (
    carriers.flatMap(({ blocked }) => blocked ?? [])[0] ??
    files.flatMap(({ path, untouchable }) =>
      paths.has(path) && untouchable !== undefined ? [`${path}: ${untouchable}`] : [],
    )[0] ??
    changing.flatMap((carrier) => imageUpdater(files, carrier) ?? [])[0] ??
    templatedImage(files, changing) ??
    globalTag(files, changing) ??
    overwriting(files, changing)
  );
}

/**
 * The same for entries that `images` of a kustomization is to get.
 *
 * @param path of the kustomization
 * @throws Error as `refuseInVain` does
 */
export function refuseNewEntries(files: readonly OverlayFile[], path: string, targets: readonly ImageTarget[]): void {
  const reason = newEntriesInVain(files, path, targets);
  if (reason !== undefined) {
    throw new Error(reason);
  }
}

/**
 * Why entries that `images` of a kustomization gets would change nothing.
 *
 * @param path of the kustomization
 * @returns sentences for a person, with what to do instead; `undefined` where nothing is known to speak against it
 */
export function newEntriesInVain(
  files: readonly OverlayFile[],
  path: string,
  targets: readonly ImageTarget[],
): string | undefined {
  const carriers = targets.map((target): Carrier => {
    const { repository } = target;
    const place = { file: path, document: 0, path: ['images'], line: 1, edits: [] };
    return { ...place, kind: 'kustomize-image', target, current: { repository }, certain: true };
  });
  return inVain(files, carriers, [{ path }]);
}
