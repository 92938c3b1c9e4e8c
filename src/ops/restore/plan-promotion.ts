import { posix } from 'node:path';
import type { Target } from '../carriers/carrier.js';
import { deployedIn, deployedTargets } from '../carriers/deployed.js';
import { everyCarrier, overlayCarriers } from '../carriers/find-carriers.js';
import { areFluxKustomizations } from '../carriers/flux-images.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { refuseUnclear } from '../carriers/refuse-unclear.js';
import { setVersions } from '../carriers/set-version.js';
import { tagOf, targetName } from '../carriers/target.js';
import { references } from '../kustomize/references.js';
import { appBases } from '../overlays/app-bases.js';
import { type OverlayPart, textsOf } from '../overlays/app-state.js';
import { deployedWith } from '../overlays/effective-versions.js';
import { isFile } from '../overlays/layout.js';
import type { Change } from '../tree/change.js';
import { copyLocks } from './chart-locks.js';
import { addBases, copyFiles, keptPatches } from './copy.js';
import { Draft } from './draft.js';
import { refuseFluxWithoutImages } from './flux-places.js';
import { addImages } from './images.js';
import { joinEnvironment } from './join.js';
import { isThere, pinned, replacedFiles, versionsOf } from './layers.js';
import type { Move } from './move.js';
import {
  furtherPlaces,
  missingNotes,
  missingPlaces,
  newerInTarget,
  refuseDifferentPlaces,
  targetsOfPart,
} from './places.js';
import { heldOrThrow, refuseDoubtful, refuseMixed, refuseOneSided, refuseUntold } from './refuse-promotion.js';

/** What promoting one app comes to. */
export interface Moved {
  app: string;
  /** What the target holds, `null` where it names no version or does not have the app. */
  previous: string | null;
  /** Which places of the target are newer, and which are not, where that differs: a sentence with what to do. */
  apart?: string | undefined;
  /** What the source holds. */
  version: string | null;
  /** The chart that this is the version of, where it is none of an image or base. */
  chart?: string | undefined;
  /** What the source holds, in full. */
  targets: Target[];
  /** Whether the app is new in the target. */
  isNew: boolean;
  /** Whether something in the target is newer than what would replace it. */
  backwards: boolean;
  changed: boolean;
  /** Patches that stay in the target. */
  kept: string[];
  /** What a person should know. */
  notes: string[];
  /** Why it is not proved that something in the target runs it, sentences; not known before it is read back. */
  unproved?: string[];
}

export interface Promotion {
  moved: Moved[];
  /** Apps that cannot be promoted, with the reason; nothing of them is in the change. */
  failed: { app: string; error: Error }[];
  change: Change;
  /** The changed and deleted files as they are. */
  before: Map<string, string>;
}

/**
 * Plans that the target environment adopts what the source says of some apps. Pure, and not yet read back: that is what
 * `promoteApps` does.
 *
 * In the oStack layout the version carriers get the source's versions. In the layout of groups the app's promotable files
 * become those of the source, references in the kustomization follow, and its entries of the shared `images:` and remote
 * bases get the source's versions. An app that is new in the target comes with its base.
 *
 * @param includeNew whether apps may be new in the target
 */
export function planPromotion(moves: readonly Move[], includeNew: boolean): Promotion {
  const draft = new Draft(moves.flatMap(({ target }) => [...textsOf(target)]));
  const moved: Moved[] = [];
  const failed: Promotion['failed'] = [];
  for (const move of moves) {
    try {
      moved.push(draft.try(() => moveApp(draft, move, includeNew)));
    } catch (error) {
      failed.push({ app: move.app, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return { moved, failed, ...draft.change() };
}

function moveApp(draft: Draft, move: Move, includeNew: boolean): Moved {
  const { app, source, target } = move;
  const held = heldOrThrow(source);
  const isNew = target.deployed === undefined;
  if (isNew) {
    source.parts.forEach((part, index) => {
      const other = target.parts[index];
      if (other !== undefined) {
        refuseFluxWithoutImages(part, other, app);
      }
    });
  }
  if (isNew && !includeNew) {
    throw new Error(
      `${target.environment} does not have ${app} yet. If it is to run there, promote it with "include-new".`,
    );
  }
  const wanted = deployedTargets(held);
  const further = furtherPlaces(move, wanted);
  refuseOneSided(move, further);
  refuseDoubtful(move, wanted);
  refuseDifferentPlaces(move, wanted);
  refuseMixed(move, wanted);
  const before = JSON.stringify(snapshot(draft, move));
  const paired = source.parts.flatMap((part, index) => {
    const other = target.parts[index];
    return part.overlay === undefined || other === undefined ? [] : [{ part, other }];
  });
  const missing = missingPlaces(move);
  const notes = [
    ...paired.flatMap(({ part, other }) =>
      missing.includes(other) || staysBeside(move, part, other) ? [] : movePart(draft, move, part, other),
    ),
    ...further.flatMap(({ part, moving }) => moveVersions(draft, moving, part)),
    ...missingNotes(move, missing),
  ];
  const changed = before !== JSON.stringify(snapshot(draft, move));
  const unproved = changed ? [] : refuseUntold(move, held);
  const newer = newerInTarget(target, held.targets);
  return {
    app,
    previous: newer?.version ?? target.deployed?.version ?? null,
    apart: newer?.apart,
    version: held.version,
    chart: held.chart,
    targets: deployedTargets(held),
    isNew,
    backwards: newer !== undefined,
    changed,
    kept: target.parts.flatMap(keptPatches),
    notes: [...new Set([...notes, ...target.parts.flatMap((part) => keptVersions(part, held.targets))])],
    unproved,
  };
}

/**
 * Whether Flux sets the version over what it deploys in the source alone: the target has it in that, and keeps to it. What then
 * runs is read back.
 */
function staysBeside({ app, target }: Move, part: OverlayPart, other: OverlayPart): boolean {
  const { overlay } = other;
  const isElsewhere = target.parts.some((each) => each !== other && each.overlay !== undefined);
  return (
    isElsewhere &&
    areFluxKustomizations(part.overlay) &&
    areFluxKustomizations(overlay) &&
    everyCarrier(overlay ?? [], targetsOfPart(part, app)).length === 0
  );
}

/** The draft's texts of the files that the move may touch. */
function snapshot(draft: Draft, { target, source }: Move): (string | undefined)[] {
  const paths = [
    ...textsOf(target).keys(),
    ...source.parts.flatMap((part, index) =>
      [...part.files.keys()].map((name) => `${target.parts[index]?.patches ?? ''}/${name}`),
    ),
  ];
  return [...new Set(paths)].sort().map((path) => draft.read(path));
}

/**
 * Makes one part of what the target says of an app what the source's says.
 *
 * @returns what a person should know
 * @throws Error where a kustomization is missing, no valid YAML, or cannot be changed in place, or where helm has to be run
 */
export function movePart(draft: Draft, move: Pick<Move, 'app'>, source: OverlayPart, target: OverlayPart): string[] {
  const notes = moveFiles(draft, move, source, target);
  copyLocks(draft, source, target);
  return notes;
}

function moveFiles(draft: Draft, { app }: Pick<Move, 'app'>, source: OverlayPart, target: OverlayPart): string[] {
  const isInFile = isFile(target.template) || source.overlay?.some(({ isBare }) => isBare === true) === true;
  if (isInFile && target.overlay === undefined) {
    refuseFluxWithoutImages(source, target, app);
    throw new Error(
      `${target.environment} has no ${app} in ${target.folder}. Add it there with the settings of that environment and any ` +
        'version, then promote again.',
    );
  }
  if (source.isOwn) {
    if (
      target.overlay === undefined &&
      target.root !== undefined &&
      buildsOn(target.root, posix.dirname(source.folder))
    ) {
      throw new Error(
        `${target.root.path} takes in ${posix.dirname(source.folder)}, so that ${app} of ${source.environment} comes with it and a folder of its own ` +
          `would be a second one. Let it take in what ${target.environment} is to have one by one, then promote again.`,
      );
    }
    return target.overlay === undefined
      ? joinEnvironment(draft, source, target)
      : transferOwn(draft, app, source, target, target.overlay);
  }
  if (isFile(target.template) && target.overlay !== undefined) {
    return transfer(draft, targetsOfPart(source, app), target, target.overlay, target.folder);
  }
  if (target.kustomization === undefined) {
    throw new Error(
      `${target.folder} has no kustomization.yaml, so nothing can be promoted into it. Add one, then promote again.`,
    );
  }
  if (
    target.overlay === undefined &&
    source.kustomization !== undefined &&
    !buildsOn(target.kustomization, source.folder)
  ) {
    const bases = appBases({ ...source, kustomization: source.kustomization }, app);
    const local = references(source.kustomization.text, source.kustomization.path)
      .map(({ path }) => path)
      .filter((path) => bases.folders.includes(posix.join(source.folder, path).replace(/\/$/, '')));
    addBases(draft, source, target, [...local, ...bases.remote]);
  }
  const notes = copyFiles(draft, source, target);
  transferOutside(draft, app, source, target);
  return [...notes, ...transferShared(draft, app, source, target)];
}

/** Whether a kustomization takes in a folder, so that all that is there comes with it. */
function buildsOn({ path: file, text }: OverlayFile, folder: string): boolean {
  return references(text, file).some(
    ({ list, path }) => list === 'resources' && posix.join(posix.dirname(file), path).replace(/\/$/, '') === folder,
  );
}

/** Sets versions in files of a part of the target, as they are in the draft. */
function transfer(
  draft: Draft,
  targets: readonly Target[],
  part: OverlayPart,
  files: readonly OverlayFile[],
  where: string,
): string[] {
  const current = files.map((file) => ({ ...file, text: draft.read(file.path) ?? file.text }));
  const inBase = targets.filter(
    (target) =>
      target.kind === 'image' &&
      !overlayCarriers(current, [target]).some(({ certain }) => certain) &&
      isThere(draft, part, target),
  );
  const open = targets.filter((target) => !inBase.includes(target));
  if (open.length === 0) {
    return [];
  }
  const isCarried = overlayCarriers(current, open).length > 0;
  if (!isCarried && inBase.length > 0) {
    return open.map((target) => staysNote(where, target));
  }
  const { sure, notes } = withoutUnclearCharts(current, open);
  const { files: changed, missing, carriers } = setVersions(current, sure, where);
  for (const { path, text } of changed) {
    draft.write(path, text);
  }
  const carriesBase = carriers.some(({ target }) => target.kind === 'base');
  return [...notes, ...(carriesBase ? [] : missing.map((target) => staysNote(where, target)))];
}

/**
 * A chart that the target follows a range of, or that several places there fit, is left as it is where something else of the
 * app moves. Where it is all of the app, it is refused.
 */
function withoutUnclearCharts(files: readonly OverlayFile[], targets: readonly Target[]) {
  const others = targets.filter(({ kind }) => kind !== 'chart');
  const charts = targets.filter(({ kind }) => kind === 'chart');
  if (charts.length === 0 || overlayCarriers(files, others).length === 0) {
    return { sure: targets, notes: [] };
  }
  try {
    refuseUnclear(overlayCarriers(files, charts));
    return { sure: targets, notes: [] };
  } catch (error) {
    return { sure: others, notes: [`It stays as it is: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

function staysNote(where: string, target: Target): string {
  return `Nothing in ${where} carries ${targetName(target)}, so it stays as it is there.`;
}

/**
 * The versions of an app with a folder of its own. A kustomization that builds on the same bases and carries none of them
 * gets the source's entries of `images`.
 */
function transferOwn(
  draft: Draft,
  app: string,
  source: OverlayPart,
  target: OverlayPart,
  files: readonly OverlayFile[],
): string[] {
  const targets = targetsOfPart(source, app);
  const [from, to] = [source.kustomization, target.kustomization];
  if (from !== undefined && to !== undefined && overlayCarriers(files, targets).length === 0) {
    const bases = [appBases({ ...source, kustomization: from }, app), appBases({ ...target, kustomization: to }, app)];
    const [one, other] = bases.map(({ folders }) => JSON.stringify([...folders].sort()));
    if (one === other) {
      draft.write(to.path, addImages(draft.read(to.path) ?? to.text, to.path, from, targets));
    }
  }
  return pinned(draft, targets, target, () => transfer(draft, targets, target, files, target.folder));
}

/** Sets versions in a place that the source has no counterpart of. Its settings stay. */
function moveVersions(draft: Draft, targets: readonly Target[], part: OverlayPart): string[] {
  return pinned(draft, targets, part, () => {
    const files = replacedFiles(part);
    return overlayCarriers(files, targets).length > 0 ? transfer(draft, targets, part, files, part.folder) : [];
  });
}

/** The app's part of a kustomization that all apps of an environment share. */
function transferShared(draft: Draft, app: string, source: OverlayPart, target: OverlayPart): string[] {
  const shared = source.overlay?.filter((file) => file.shared === true) ?? [];
  const targets = deployedTargets(deployedWith(shared, app, versionsOf(source)));
  const [from] = shared;
  const file = target.kustomization?.path;
  if (from === undefined || file === undefined || targets.length === 0) {
    return [];
  }
  draft.write(file, addImages(draft.read(file) ?? '', file, from, targets));
  // What overrides the kustomization is in objects that deploy it.
  const overriding = (target.overlay ?? []).filter(({ deploys }) => deploys !== undefined);
  return pinned(draft, targets, target, () => {
    const files = [{ path: file, text: draft.read(file) ?? '' }, ...overriding];
    return overlayCarriers(files, targets).length > 0 ? transfer(draft, targets, target, files, file) : [];
  });
}

/** The app's files in the environment's own folder, such as `<app>-values.yaml`: their settings stay, their versions go. */
function transferOutside(draft: Draft, app: string, source: OverlayPart, target: OverlayPart): void {
  const outside = ({ overlay, patches }: OverlayPart) =>
    (overlay ?? []).filter(
      ({ path, shared }) => shared !== true && !path.startsWith(`${patches}/`) && !posix.basename(path).startsWith('_'),
    );
  const targets = deployedTargets(deployedIn(outside(source), app));
  const files = outside(target);
  if (overlayCarriers(files, targets).length > 0) {
    transfer(draft, targets, target, files, target.folder);
  }
}

/** What a file that stays in any case says of the images that go. */
function keptVersions(part: OverlayPart, targets: readonly Target[]): string[] {
  const replaced = new Set(replacedFiles(part).map(({ path }) => path));
  const kept = (part.overlay ?? []).filter(({ path }) => !replaced.has(path));
  return overlayCarriers(kept, targets).flatMap(({ file, current, target, certain }) => {
    const version = current.tag ?? current.digest?.slice(0, 19);
    const wanted = tagOf(target);
    return !certain || version === undefined || version === wanted
      ? []
      : [`${file} keeps ${current.repository} at ${version}, because its name starts with "_".`];
  });
}
