import type { Target } from '../carriers/carrier.js';
import { sameRepository } from '../carriers/image-reference.js';
import { isSameThing, isSameVersion } from '../carriers/target.js';
import type { HeldVersion } from './held-versions.js';

/**
 * Whether a version is one that an app holds.
 *
 * @param held what one environment holds after the change
 */
export function isOwned(held: readonly HeldVersion[], target: Target): boolean {
  return held.some(({ targets, pinned }) => {
    const isHeld = targets.some((other) => isSameThing(other, target) && isSameVersion(other, target));
    const isPinned =
      target.kind === 'image' &&
      pinned.some((each) => sameRepository(each.repository, target.repository) && each.digest === target.digest);
    return isHeld || isPinned;
  });
}
