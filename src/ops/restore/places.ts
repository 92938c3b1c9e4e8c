import type { Target } from '../carriers/carrier.js';
import { deployedTargets } from '../carriers/deployed.js';
import { everyCarrier, overlayCarriers } from '../carriers/find-carriers.js';
import { areFluxKustomizations } from '../carriers/flux-images.js';
import { sameRepository } from '../carriers/image-reference.js';
import { goesBackwards } from '../carriers/never-backwards.js';
import { type NewerThere, newerThere, type PlaceVersion } from '../carriers/newer-places.js';
import { isSameThing, isSameVersion, tagOf } from '../carriers/target.js';
import type { AppState, OverlayPart } from '../overlays/app-state.js';
import { deployedWith } from '../overlays/effective-versions.js';
import { replacedFiles, replacedVersions, versionsOf } from './layers.js';
import type { Move } from './move.js';

/** What a place of an environment has of an app: that of one of its clusters, or of a group of apps. */
export function targetsOfPart(part: OverlayPart, app: string): Target[] {
  return deployedTargets(deployedWith(part.overlay ?? [], app, versionsOf(part)));
}

/**
 * Refuses a promotion where places of the source, such as its clusters, have different versions: the environment has none
 * then that could be promoted. Where the target has the same in each, there is nothing to promote.
 *
 * @param wanted what the source has of the app
 * @throws Error naming the places, with what to do
 */
export function refuseDifferentPlaces({ app, source, target }: Move, wanted: readonly Target[]): void {
  const held = placesOf(source);
  for (const each of wanted) {
    const found = held.flatMap(({ part, targets }) => {
      const same = targets.find((other) => isSameThing(each, other));
      return same === undefined ? [] : [{ part, target: same }];
    });
    const other = found.find((one) => !isSameVersion(each, one.target));
    if (other !== undefined && !hasSame(target, app, found)) {
      const list = found.map((one) => `${whereIn(one.part, one.target)} has ${versionOf(one.target)}`);
      const newest = [...found].sort((one, two) => (goesBack(one.target, two.target) ? -1 : 1))[0] ?? other;
      throw new Error(
        `The places of ${app} in ${source.environment} have different versions: ${list.join(', ')}. Bring them to one there, ` +
          `${versionOf(newest.target)} with bump-overlay for example, then promote again.`,
      );
    }
  }
}

/** The places of the target that the source has no counterpart of, such as further clusters, with what is to be set in them. */
export function furtherPlaces({ app, source, target }: Move, wanted: readonly Target[]) {
  return target.parts.flatMap((part, index) => {
    if (part.overlay === undefined || source.parts[index]?.overlay !== undefined) {
      return [];
    }
    const held = targetsOfPart(part, app);
    const moving = wanted.filter((each) => held.some((other) => isSameThing(each, other)));
    return moving.some((each) => held.some((other) => isSameThing(each, other) && !isSameVersion(each, other)))
      ? [{ part, moving }]
      : [];
  });
}

/**
 * The places of the source that the target does not get: other clusters of an app that it has, and for an app that is new
 * those of clusters that it does not have.
 *
 * @throws Error where it has clusters that the source has no counterpart of, with what to do
 */
export function missingPlaces({ app, source, target }: Move): OverlayPart[] {
  const isInSource = (index: number) => source.parts[index]?.overlay !== undefined;
  if (target.deployed !== undefined) {
    return target.parts.filter(({ overlay }, index) => overlay === undefined && isInSource(index));
  }
  const known = target.parts.filter(({ hasAbove }) => hasAbove === true);
  const alone = known.filter((part) => source.parts[target.parts.indexOf(part)]?.hasAbove === false);
  if (alone.length > 0) {
    throw new Error(
      `${target.environment} has clusters that ${source.environment} has no counterpart of, so how ${app} is set up there is not known: it would be ` +
        `in ${alone.map(({ folder }) => folder).join(', ')}. Add it to each with "onboard" and its input "group", a folder in its path.`,
    );
  }
  return known.length === 0 ? [] : target.parts.filter(({ hasAbove }) => hasAbove === false);
}

/** What is said of places that the target does not get. Where its clusters have other names, that is as it should be. */
export function missingNotes({ app, source, target }: Move, missing: readonly OverlayPart[]): string[] {
  const isFurther = ({ overlay }: OverlayPart, index: number) =>
    overlay !== undefined && source.parts[index]?.overlay === undefined;
  return target.parts.some(isFurther) || target.deployed === undefined
    ? []
    : missing
        .filter((part) => !areFluxKustomizations(source.parts[target.parts.indexOf(part)]?.overlay))
        .map(({ folder }) => `${target.environment} has no ${app} in ${folder}, and gets none there by this.`);
}

/**
 * What the target runs that is newer than what would replace it. What stays in any case does not count.
 *
 * @returns `undefined` where nothing is
 */
export function newerInTarget({ parts }: AppState, targets: readonly Target[]): NewerThere | undefined {
  const found = parts.flatMap((part) => pairsIn(part, targets));
  const newer = found.filter(goesBackwards);
  const moving = new Set(newer.map(({ target }) => target));
  const others = found.filter((each) => moving.has(each.target) && !newer.includes(each));
  return newer.length === 0 ? undefined : newerThere(unique(newer), unique(others));
}

type Pair = PlaceVersion & { target: Target };

function pairsIn(part: OverlayPart, targets: readonly Target[]): Pair[] {
  const carried = overlayCarriers(replacedFiles(part), targets)
    .filter(({ overriddenBy }) => overriddenBy === undefined)
    .map(({ file, line, current, target }): Pair => ({ where: `${file}:${line}`, current, target }));
  const running = replacedVersions(part).flatMap(({ images, fixed }) => [...images, ...fixed]);
  const inLayers = running.flatMap((current) =>
    targets
      .filter((target) => target.kind === 'image' && sameRepository(target.repository, current.name))
      .filter((target) => !carried.some((each) => each.target === target && each.current.tag === current.tag))
      .map((target): Pair => ({ where: part.folder, current, target })),
  );
  return [...carried, ...inLayers];
}

function unique(places: readonly PlaceVersion[]): PlaceVersion[] {
  return [...new Map(places.map((each) => [`${each.where} ${each.current.tag}`, each])).values()];
}

function placesOf({ app, parts }: AppState): { part: OverlayPart; targets: Target[] }[] {
  return parts
    .filter(({ overlay }) => overlay !== undefined)
    .map((part) => ({ part, targets: targetsOfPart(part, app) }));
}

/** Whether the target has the same in the same places. */
function hasSame(state: AppState, app: string, found: readonly { part: OverlayPart; target: Target }[]): boolean {
  return found.every(({ part, target }) => {
    const there = state.parts.find(({ template }) => template === part.template);
    return (
      there !== undefined &&
      targetsOfPart(there, app).some((each) => isSameThing(each, target) && isSameVersion(each, target))
    );
  });
}

function whereIn(part: OverlayPart, target: Target): string {
  const [carrier] = everyCarrier(part.overlay ?? [], [target]).filter(
    ({ certain, overriddenBy, current }) =>
      certain && overriddenBy === undefined && (current.tag === undefined || current.tag === tagOf(target)),
  );
  return carrier === undefined ? part.folder : `${carrier.file}:${carrier.line}`;
}

function goesBack(one: Target, other: Target): boolean {
  return goesBackwards({ current: { tag: tagOf(one) }, target: other });
}

function versionOf(target: Target): string {
  return tagOf(target) ?? (target.kind === 'base' ? '' : (target.digest?.slice(0, 19) ?? ''));
}
