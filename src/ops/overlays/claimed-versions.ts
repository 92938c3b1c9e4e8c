import type { ImageTarget } from '../carriers/carrier.js';
import { variantOf } from '../carriers/families.js';
import type { ImageReference } from '../carriers/image-reference.js';
import { isVariable } from '../carriers/variables.js';
import type { RunningContainer } from '../kustomize/layers/running-containers.js';
import { isOfRepository, referenceOf } from './effective-versions.js';
import type { OverlayImages } from './layered-overlay.js';

/** What the containers of an overlay say of a version that an image is claimed to have. */
export interface Verdict {
  /** The containers that run another version of it. */
  behind: readonly RunningContainer[];
  /** Those of which it is not known, because of something that is not followed. */
  doubtful: readonly RunningContainer[];
  /** Whether all that is built is seen, and no container runs the image. */
  isNowhere: boolean;
}

/**
 * Judges a version that an image is claimed to have by what the containers of an overlay run in the end. A container of
 * another variant (`1.0.0-debug` beside `1.0.0`) is no matter of it where others have the version, and neither is one whose
 * tag is a variable that kustomize does not fill in. What has no container, such as the values of a HelmRelease, is not judged.
 *
 * @param images of the overlay as it is planned to be
 */
export function judge(images: OverlayImages, target: ImageTarget): Verdict {
  const all = images.containers.filter((container) => isOfRepository(container, target.repository));
  const known = all.flatMap((container) => {
    const reference = referenceOf(container);
    const isOpen = isVariable(reference?.tag) && container.doubt === undefined;
    return reference === undefined || isOpen ? [] : [{ container, reference }];
  });
  const isThere = known.some(({ reference }) => runs(reference, target));
  const meant = known.filter(({ reference }) => !isThere || !isOtherVariant(reference, target));
  const isKnown = ({ container }: (typeof known)[number]) => container.doubt === undefined;
  return {
    behind: meant.filter((each) => isKnown(each) && !runs(each.reference, target)).map(({ container }) => container),
    doubtful: meant.filter((each) => !isKnown(each)).map(({ container }) => container),
    isNowhere: all.length === 0 && images.unseen.length === 0 && images.containers.length + images.others.length > 0,
  };
}

/**
 * What the containers of an app run of an image: of the target's variant, where there are several.
 *
 * @returns `undefined` where not all of it is known: a container has a doubt or a variable, none is seen, or something is not read
 */
export function knownVersions(overlays: readonly OverlayImages[], target: ImageTarget): ImageReference[] | undefined {
  const own = overlays.flatMap((each) => each.own.filter((container) => isOfRepository(container, target.repository)));
  const found = own.flatMap((each) => (each.doubt === undefined ? (referenceOf(each) ?? []) : []));
  const isOpen = found.some(({ tag }) => isVariable(tag)) || overlays.some(({ unseen }) => unseen.length > 0);
  if (isOpen || found.length === 0 || found.length < own.length) {
    return undefined;
  }
  const meant = found.filter((reference) => !isOtherVariant(reference, target));
  return meant.length === 0 ? found : meant;
}

/** Whether a reference is a target's version. A digest decides where both have one. */
export function runs({ tag, digest }: Pick<ImageReference, 'tag' | 'digest'>, target: ImageTarget): boolean {
  return target.digest === undefined || digest === undefined
    ? tag !== undefined && tag === target.tag && digest === undefined
    : digest === target.digest;
}

function isOtherVariant({ tag }: ImageReference, target: ImageTarget): boolean {
  return tag !== undefined && target.tag !== undefined && variantOf(tag) !== variantOf(target.tag);
}
