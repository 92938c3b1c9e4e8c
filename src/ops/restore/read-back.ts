import type { Target } from '../carriers/carrier.js';
import { compareVersions } from '../carriers/compare-versions.js';
import { type Deployed, deployedIn, deployedTargets } from '../carriers/deployed.js';
import { variantOf } from '../carriers/families.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import { formatReference, sameRepository } from '../carriers/image-reference.js';
import { isSameThing, targetName, targetReference } from '../carriers/target.js';
import type { AppState } from '../overlays/app-state.js';
import { isOfRepository } from '../overlays/effective-versions.js';
import { imagesOfOverlay } from '../overlays/layered-overlay.js';
import type { Goal } from './goal.js';
import { replacedFiles } from './layers.js';
import { isHeldByDigest, isOtherVersion, replacedIn, shownVersion } from './replaced.js';

/**
 * Compares what an environment would have of an app after a rollback with what it had then: an app is back only where each of
 * its places has the version, from the same repository, and nothing else of it decides what runs.
 *
 * @param then the state at the commit that it goes back to; without versions where the app was elsewhere then
 * @param after the state as it would be
 * @returns what people should know of what stays, sentences
 * @throws Error where it would not be back, with what to do
 */
export function readBack(goal: Goal, then: AppState, after: AppState): string[] {
  const wanted = goal.entry.targets;
  const held = replacedIn(after);
  const now = deployedTargets(held);
  const reason =
    severalThen(goal, then, after) ??
    otherwise(after, wanted) ??
    otherRepository(after, wanted) ??
    otherLabel(goal, after, held);
  if (reason !== undefined) {
    throw new Error(`${reason} ${byHand(goal, foldersOf(after))}`);
  }
  const isSaid = (each: Target) => (other: Target) => isSameThing(each, other);
  const gone = wanted.filter((each) => !now.some(isSaid(each)));
  const before = then.deployed === undefined ? undefined : deployedTargets(then.deployed);
  const added = before === undefined ? [] : now.filter((each) => !before.some(isSaid(each)));
  const mirrored = gone.flatMap((was) => added.filter((each) => isMirrored(was, each)).map((is) => ({ was, is })));
  return [
    ...mirrored.map(({ was, is }) => `It is ${targetReference(is)} now, and was ${targetReference(was)} then.`),
    ...gone
      .filter((each) => !mirrored.some(({ was }) => was === each))
      .map((each) => `${targetName(each)} was at ${shownVersion(each)} then, and nothing carries it now.`),
    ...added
      .filter((each) => !mirrored.some(({ is }) => is === each))
      .map((each) => `${targetName(each)} stays at ${shownVersion(each)}: it was not there then.`),
  ];
}

/** Whether an image is another one under the same name and version, from another registry. */
function isMirrored(one: Target, other: Target): boolean {
  return (
    one.kind === 'image' &&
    other.kind === 'image' &&
    one.image === other.image &&
    shownVersion(one) === shownVersion(other)
  );
}

/** What people can do in any case. */
export function byHand({ entry }: Goal, folders: readonly string[]): string {
  const of = `${entry.lastOid.slice(0, 12)} -- ${folders.join(' ')}`;
  return (
    `Take back by hand what changed since, in a pull request of your own: "git diff ${of}" shows it, ` +
    `"git checkout ${of}" brings all of it back.`
  );
}

/** Several versions that one image had in one place then, where they would be one now. */
function severalThen({ app, entry }: Goal, then: AppState, after: AppState): string | undefined {
  const carriersOf = ({ parts }: AppState, target: Target) =>
    everyCarrier(parts.flatMap(replacedFiles), [target]).filter(
      ({ certain, overriddenBy, blocked, current }) =>
        certain && (overriddenBy ?? blocked) === undefined && current.tag !== undefined,
    );
  for (const target of entry.targets) {
    if (target.kind !== 'image' || then.deployed === undefined || entry.places !== undefined) {
      continue;
    }
    const before = carriersOf(then, target);
    const other = before.filter(
      ({ current }) => current.tag !== target.tag && variantOf(current.tag ?? '') === variantOf(target.tag ?? ''),
    );
    const now = before.length === other.length ? [] : carriersOf(after, target);
    const lost = other.find((each) =>
      now.some(
        ({ file, document, path, current }) =>
          file === each.file &&
          document === each.document &&
          JSON.stringify(path) === JSON.stringify(each.path) &&
          current.tag !== each.current.tag,
      ),
    );
    if (lost !== undefined) {
      const list = before.map(({ file, line, current }) => `${current.tag} (${file}:${line})`).join(', ');
      return `${app} ran several versions of ${target.repository} then: ${list}. One version for all of them would be another state.`;
    }
  }
  return undefined;
}

/** A place that would have another version. */
function otherwise({ app, environment, parts }: AppState, wanted: readonly Target[]): string | undefined {
  for (const part of parts) {
    const now = deployedTargets(replacedIn({ app, parts: [part] }));
    for (const each of wanted) {
      const other = now.find((one) => isOtherVersion(each, one));
      if (other !== undefined) {
        return `${environment} would have ${targetName(other)} at ${shownVersion(other)} in ${part.folder}, and not at ${shownVersion(each)}.`;
      }
    }
  }
  return undefined;
}

/** A container that would run the version of another image: an entry of `images` gives it a new name since. */
function otherRepository({ parts }: AppState, wanted: readonly Target[]): string | undefined {
  const containers = parts.flatMap(({ layered }) => (layered === undefined ? [] : imagesOfOverlay(layered).own));
  for (const target of wanted) {
    if (target.kind !== 'image') {
      continue;
    }
    const last = target.repository.split('/').at(-1);
    const other = containers
      .filter((container) => isOfRepository(container, target.repository))
      .map(({ names, decided }) => ({ name: names.at(-1) ?? '', ...decided }))
      // A mirror has the image under its own name.
      .find(({ name }) => !sameRepository(name, target.repository) && name.split('/').at(-1) !== last);
    if (other !== undefined) {
      const was = formatReference({ ...target, name: target.repository });
      return `${was} ran then, and ${other.file}:${other.line} makes it ${other.name} now, which is another image.`;
    }
  }
  return undefined;
}

/** Another version that people would see as the app's. */
function otherLabel({ app, version, entry }: Goal, after: AppState, held: Deployed): string | undefined {
  const carried = deployedIn(after.parts.flatMap(replacedFiles), app);
  const isBack = (label: string | null) =>
    label === version || (label !== null && compareVersions({ tag: label }, { tag: version }) === 'same');
  return isBack(held.version) || isBack(carried.version) || isHeldByDigest(entry.targets, held)
    ? undefined
    : `${after.environment} would have ${app} ${held.version ?? 'without a version'}, and not ${version}: what says its version is written otherwise since.`;
}

function foldersOf({ parts }: AppState): string[] {
  return parts.filter(({ overlay }) => overlay !== undefined).map(({ folder }) => folder);
}
