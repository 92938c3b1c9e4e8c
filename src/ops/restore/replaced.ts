import type { Target } from '../carriers/carrier.js';
import type { Deployed } from '../carriers/deployed.js';
import { sameRepository } from '../carriers/image-reference.js';
import { isSameThing, isSameVersion, tagOf } from '../carriers/target.js';
import type { AppState } from '../overlays/app-state.js';
import { deployedWith } from '../overlays/effective-versions.js';
import { replacedFiles, replacedVersions } from './layers.js';

/** What an environment holds of an app, but for files that stay in any case. */
export function replacedIn({ app, parts }: Pick<AppState, 'app' | 'parts'>): Deployed {
  const files = parts.flatMap(replacedFiles);
  return deployedWith(files, app, parts.flatMap(replacedVersions));
}

/** Whether two targets are of the same thing, of remote bases the same folder, and at different versions. */
export function isOtherVersion(one: Target, other: Target): boolean {
  const isOtherFolder = one.kind === 'base' && other.kind === 'base' && one.appPath !== other.appPath;
  const isSaid = shownVersion(one) !== '' || shownVersion(other) !== '';
  return isSaid && isSameThing(one, other) && !isOtherFolder && !isSameVersion(one, other);
}

/** The version of a target for people: its tag, else the beginning of its digest; empty for none. */
export function shownVersion(target: Target): string {
  const digest = target.kind === 'base' ? undefined : target.digest?.slice(0, 19);
  return tagOf(target) ?? digest ?? '';
}

/** Whether what is held keeps to digests alone, and has those that are wanted: the names of their tags are lost on the way. */
export function isHeldByDigest(images: readonly Target[], { targets, pinned }: Deployed): boolean {
  const held = [...targets.filter((each) => each.kind === 'image'), ...pinned];
  return (
    images.length > 0 &&
    images.every(
      (image) =>
        image.kind === 'image' &&
        image.digest !== undefined &&
        held.some(({ repository, digest }) => sameRepository(repository, image.repository) && digest === image.digest),
    )
  );
}
