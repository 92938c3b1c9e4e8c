import { firstFew } from '../../report/first-few.js';
import type { ImageTarget } from '../carriers/carrier.js';
import { isOfContainers } from '../carriers/container-kinds.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isOfRepository } from './effective-versions.js';
import { imagesOfOverlay, type LayeredOverlay, type NewTexts } from './layered-overlay.js';
import { isJudged } from './unproven-version.js';

/** Parts that a sentence names. */
const NAMED = 3;

/**
 * What keeps it open whether anything runs the versions of images that an environment's files say: parts that kustomize takes
 * in and that are not read, such as a base from another repository, where no container that is seen runs the image.
 *
 * @param files of the app in the environment, as they are planned to be
 * @param texts those of them that change
 * @returns a sentence for each image of which it is open
 */
export function unreadParts(
  overlays: readonly LayeredOverlay[],
  files: readonly OverlayFile[],
  texts: NewTexts,
  targets: readonly ImageTarget[],
): string[] {
  const planned = [...texts];
  const built = overlays.map((overlay) => imagesOfOverlay(overlay, planned));
  // What kustomize does not build comes to no cluster.
  const unread = built.flatMap(({ unseen }) => unseen).filter(({ isBroken }) => isBroken !== true);
  const parts = [...new Set(unread.map(({ file, line, what }) => `${what} (${file}:${line})`))];
  const isSeen = ({ repository }: ImageTarget) =>
    built.some(({ containers }) => containers.some((each) => isOfRepository(each, repository)));
  const open = parts.length === 0 ? [] : targets.filter((target) => !isSeen(target) && isJudged(files, target));
  return open
    .filter((target) => {
      const carriers = everyCarrier(files, [target]);
      return carriers.length > 0 && carriers.every(({ kind }) => isOfContainers(kind));
    })
    .map(({ repository }) => {
      return (
        `Not proved: no container that runs ${repository} was seen, because what is there is not read: ` +
        `${firstFew(parts, NAMED)}.`
      );
    });
}
