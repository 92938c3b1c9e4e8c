import { posix } from 'node:path';
import type { ImageTarget, Target } from '../carriers/carrier.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import { sameRepository } from '../carriers/image-reference.js';
import { refuseNewEntries } from '../carriers/in-vain.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import type { RunningContainer } from '../kustomize/layers/running-containers.js';
import type { OverlayPart } from '../overlays/app-state.js';
import { judge } from '../overlays/claimed-versions.js';
import { type EffectiveVersions, effectiveVersions, isOfRepository } from '../overlays/effective-versions.js';
import { imagesInOverlay, type LayeredOverlay } from '../overlays/layered-overlay.js';
import { withPins } from '../overlays/pin-images.js';
import { unprovenVersion } from '../overlays/unproven-version.js';
import { unreadParts } from '../overlays/unread-parts.js';
import { keptPatches } from './copy.js';
import { Draft } from './draft.js';

/** What the layers of a part come to; none where they were not read. */
export function versionsOf({ layered }: OverlayPart): EffectiveVersions[] {
  return layered === undefined ? [] : [effectiveVersions(layered)];
}

/**
 * The files whose versions a promotion replaces. In the layout of groups, files whose name starts with `_` stay in any
 * case; in a folder of its own an app's version is set in these files, too.
 */
export function replacedFiles(part: OverlayPart): OverlayFile[] {
  return (part.overlay ?? []).filter(({ path }) => !staysIn(part, path));
}

/** What the layers of a part come to, but for containers of which a file decides that stays in any case. */
export function replacedVersions(part: OverlayPart): EffectiveVersions[] {
  const isReplaced = ({ decided }: RunningContainer) => !staysIn(part, decided.file);
  return part.layered === undefined ? [] : [effectiveVersions(part.layered, [], isReplaced)];
}

function staysIn({ isOwn, patches }: OverlayPart, path: string): boolean {
  return !isOwn && posix.dirname(path) === patches && posix.basename(path).startsWith('_');
}

/** Whether a part is to run an image as it is wanted, by what it takes in. */
export function isThere(draft: Draft, { layered }: OverlayPart, target: ImageTarget): boolean {
  if (layered === undefined) {
    return false;
  }
  const images = imagesInOverlay(layered, draft.texts());
  const isRun = images.own.some((each) => isOfRepository(each, target.repository));
  const { behind, doubtful } = judge(images, target);
  const isFixed = effectiveVersions(layered, draft.texts()).fixed.some(
    ({ name, tag, digest }) =>
      sameRepository(name, target.repository) && tag === target.tag && digest === target.digest,
  );
  return isFixed || (isRun && behind.length + doubtful.length === 0);
}

/**
 * Sets versions of a part, and gives what containers still run otherwise an entry in `images` of the part's own kustomization,
 * so that no other environment changes: before, where nothing of the part carries an image, and after, where what carries it
 * is not what decides.
 *
 * @param set sets what is carried
 * @returns what `set` does
 * @throws Error where the kustomization cannot be changed in place, or something would write over an entry
 */
export function pinned<T>(draft: Draft, targets: readonly Target[], part: OverlayPart, set: () => T): T {
  const images = targets.filter((target) => target.kind === 'image');
  const isCarried = (target: ImageTarget) =>
    everyCarrier(current(draft, part), [target]).some(({ certain }) => certain);
  const { layered } = part;
  const isReplaced = ({ decided }: RunningContainer) => !staysIn(part, decided.file);
  const pinOpen = (open: readonly ImageTarget[]) => {
    if (layered !== undefined) {
      pin(draft, open, layered, current(draft, part), isReplaced);
    }
  };
  pinOpen(images.filter((target) => !isCarried(target)));
  const result = set();
  pinOpen(images);
  return result;
}

/**
 * Adds the entries of `images` that containers of an overlay need to run what they are to run.
 *
 * @param files of the app in the environment, as they are in the draft
 * @param isMeant which containers get one
 * @throws Error where the kustomization cannot be changed in place, or something would write over an entry
 */
export function pin(
  draft: Draft,
  targets: readonly ImageTarget[],
  layered: LayeredOverlay,
  files: readonly OverlayFile[],
  isMeant?: (container: RunningContainer) => boolean,
): void {
  const text = withPins(layered, draft.texts(), targets, isMeant);
  if (text !== undefined) {
    const images = imagesInOverlay(layered, draft.texts());
    const behind = targets.filter((target) => judge(images, target).behind.length > 0);
    refuseNewEntries(files, layered.kustomization.path, behind);
    draft.write(layered.kustomization.path, text);
  }
}

/**
 * Why an environment would not run what it is to have, where something of its layers speaks against it. Nobody asks where a
 * patch stays in any case: that is said apart.
 *
 * @param draft what changes; `undefined` where the parts are read as they would be
 * @returns sentences for a person; `undefined` where nothing speaks against it
 */
export function unprovenIn(
  parts: readonly OverlayPart[],
  wanted: readonly Target[],
  draft: Draft = new Draft(),
): string | undefined {
  const layered = parts.flatMap((part) => (keptPatches(part).length > 0 ? [] : (part.layered ?? [])));
  const files = parts.flatMap((part) => current(draft, part));
  const images = wanted.filter((target) => target.kind === 'image');
  return images
    .map((target) => unprovenVersion(layered, files, draft.texts(), target))
    .find((reason) => reason !== undefined);
}

/** What keeps it open whether an environment runs what it has, sentences. */
export function unreadIn(parts: readonly OverlayPart[], wanted: readonly Target[]): string[] {
  const layered = parts.flatMap((part) => part.layered ?? []);
  const images = wanted.filter((target) => target.kind === 'image');
  return unreadParts(layered, parts.flatMap(replacedFiles), [], images);
}

/** The files of a part that do not stay in any case, as they are in a draft. */
function current(draft: Draft, part: OverlayPart): OverlayFile[] {
  return replacedFiles(part).map((file) => ({ ...file, text: draft.read(file.path) ?? file.text }));
}
