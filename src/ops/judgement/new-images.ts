import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import { isFree } from '../policy/path-policy.js';
import type { Policy } from '../policy/policy.js';
import { type Assignment, isDeciding } from './assign-paths.js';
import type { HeldVersion } from './held-versions.js';
import { changedFolders, imagesOverFolders } from './images-over-folders.js';
import { movedImages } from './moved-images.js';
import type { Reach } from './reach.js';
import type { SideFiles } from './side-files.js';
import { imageKey, onceEachImage, type TakenImage, takenImages } from './taken-images.js';
import { freshFiles } from './unowned-versions.js';

/** The images of sides before changes: of many pull requests, it is the same one. */
const known = new WeakMap<Reach, Promise<ReadonlySet<string>>>();

/**
 * The images that a change lets into an environment: those that it takes in after the change and did not before. A digest is the
 * same one under any tag.
 *
 * @param held what environments hold after the change: by that the history tells later what was there, so it counts, too
 */
export async function newImages(
  { paths, reach, before, after }: Assignment,
  changed: ReadonlySet<string>,
  environment: string,
  layout: Layout,
  policy: Policy,
  held: readonly HeldVersion[],
): Promise<TakenImage[]> {
  const own = reach.get(environment);
  if (own === undefined) {
    return [];
  }
  const isOverlay = (folder: string) => overlayOfPath(layout, folder)?.folder === folder;
  const [old, next] = await Promise.all([imagesOverFolders(before, own.before), imagesOverFolders(after, own.after)]);
  const found = await takenImages(after, own.after, isOverlay, {
    fresh: new Set(freshFiles(own, changed)),
    folders: changedFolders(old, next),
    // Of what nothing tells whose it is, nobody can say that it is not deployed.
    further: paths
      .filter(({ path, environments }) => environments.includes(environment) && !own.after.files.has(path))
      .map(({ path }) => path)
      .filter((path) => after.has(path) && !isDeciding(path) && !isFree(policy, path)),
  });
  found.push(...movedImages(held, environment));
  const keys = found.length === 0 ? new Set<string>() : await imagesBefore(before, own.before, isOverlay);
  return onceEachImage(found.filter((image) => !keys.has(imageKey(image))));
}

/**
 * Whether an environment has an image already on the default branch, where the same evidence was asked for it: what is not new
 * there is admitted.
 */
export async function hasBefore(
  { reach, before }: Pick<Assignment, 'reach' | 'before'>,
  environment: string,
  layout: Layout,
  image: Pick<TakenImage, 'repository' | 'tag' | 'digest'>,
): Promise<boolean> {
  const own = reach.get(environment);
  const isOverlay = (folder: string) => overlayOfPath(layout, folder)?.folder === folder;
  const keys = own === undefined ? undefined : await imagesBefore(before, own.before, isOverlay);
  return keys?.has(imageKey({ ...image, unclear: undefined })) === true;
}

async function imagesBefore(
  files: SideFiles,
  reach: Reach,
  isOverlay: (folder: string) => boolean,
): Promise<ReadonlySet<string>> {
  const reading =
    known.get(reach) ?? takenImages(files, reach, isOverlay).then((images) => new Set(images.map(imageKey)));
  known.set(reach, reading);
  return reading;
}
