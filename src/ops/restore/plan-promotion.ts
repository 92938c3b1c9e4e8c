import { posix } from 'node:path';
import type { Target } from '../carriers/carrier.js';
import { type Deployed, deployedIn } from '../carriers/deployed.js';
import { overlayCarriers } from '../carriers/find-carriers.js';
import { goesBackwards } from '../carriers/never-backwards.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { setVersions } from '../carriers/set-version.js';
import { targetName } from '../carriers/target.js';
import { references } from '../kustomize/references.js';
import { appBases } from '../overlays/app-bases.js';
import { type AppState, type OverlayPart, textsOf } from '../overlays/app-state.js';
import { isFile } from '../overlays/layout.js';
import type { Change } from '../tree/change.js';
import { copyLocks } from './chart-locks.js';
import { addBases, copyFiles, isPromotable, keptPatches } from './copy.js';
import { Draft } from './draft.js';
import { addImages } from './images.js';
import { joinEnvironment } from './join.js';

/** An app with what its source says of it and what the target does. */
export interface Move {
  app: string;
  source: AppState;
  target: AppState;
}

/** What promoting one app comes to. */
export interface Moved {
  app: string;
  /** What the target holds, `null` where it names no version or does not have the app. */
  previous: string | null;
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
 * Plans that the target environment adopts what the source says of some apps. Pure.
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
  if (isNew && !includeNew) {
    throw new Error(
      `${target.environment} does not have ${app} yet. If it is to run there, promote it with "include-new".`,
    );
  }
  const before = JSON.stringify(snapshot(draft, move));
  const notes = source.parts.flatMap((part, index) => {
    const other = target.parts[index];
    return part.overlay === undefined || other === undefined ? [] : movePart(draft, move, part, other);
  });
  const changed = before !== JSON.stringify(snapshot(draft, move));
  const previous = target.deployed?.version ?? null;
  const then = isNew ? held.version : versionThen(draft, move);
  if (then !== held.version) {
    throw new Error(
      `${target.environment} would have ${app} ${then ?? 'without a version'}, because nothing in it takes the ` +
        `${held.version ?? 'missing version'} that ${source.environment} has. Let it carry the version in the way of ` +
        `${source.environment}, then promote again.`,
    );
  }
  return {
    app,
    previous,
    version: held.version,
    chart: held.chart,
    targets: held.targets,
    isNew,
    backwards: target.parts.some((part) => isBackwards(part, held.targets)),
    changed,
    kept: target.parts.flatMap(keptPatches),
    notes: [...new Set(notes)],
  };
}

/** The version that the target holds by the draft, but for files that stay in any case: what is claimed is read back. */
function versionThen(draft: Draft, { app, source, target }: Move): string | null {
  const files = target.parts.flatMap((part, index): OverlayFile[] => {
    const copied = [...(source.parts[index]?.files.keys() ?? [])]
      .filter(isPromotable)
      .map((name) => ({ path: `${part.patches}/${name}` }));
    const known = replacedFiles(part);
    const fresh = part.isOwn ? [] : copied.filter(({ path }) => known.every((file) => file.path !== path));
    return [...known, ...fresh].flatMap((file) => {
      const text = draft.read(file.path);
      return text === undefined ? [] : [{ ...file, text }];
    });
  });
  return deployedIn(files, app).version;
}

function heldOrThrow({ deployed: held, environment, app }: AppState): Deployed {
  if (held === undefined) {
    throw new Error(`${environment} does not have ${app}, so there is nothing to promote from it.`);
  }
  const [loose] = held.following ?? [];
  if (held.version === null && loose !== undefined) {
    throw new Error(
      `${environment} lets ${app} follow ${loose.range === '' ? 'the newest version' : loose.range} of chart ${loose.name}, so it has no version to promote. Pin one ` +
        'there, then promote again.',
    );
  }
  const [pinned] = held.pinned;
  if (pinned !== undefined) {
    throw new Error(
      `${environment} pins ${pinned.repository} of ${app} by its digest alone (${pinned.digest.slice(0, 19)}…), so nobody can ` +
        'tell its version. Add the tag beside the digest, then promote again.',
    );
  }
  return held;
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
  if (isFile(target.template) && target.overlay === undefined) {
    throw new Error(
      `${target.environment} has no ${app} in ${target.folder}. Add it there with the settings of that environment and any ` +
        'version, then promote again.',
    );
  }
  if (source.isOwn) {
    return target.overlay === undefined
      ? joinEnvironment(draft, source, target)
      : transferOwn(draft, app, source, target, target.overlay);
  }
  if (isFile(target.template) && target.overlay !== undefined) {
    return transfer(draft, deployedIn(source.overlay ?? [], app).targets, target.overlay, target.folder);
  }
  if (target.kustomization === undefined) {
    throw new Error(
      `${target.folder} has no kustomization.yaml, so nothing can be promoted into it. Add one, then promote again.`,
    );
  }
  if (target.overlay === undefined && source.kustomization !== undefined) {
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

/** Sets versions in files of the target, as they are in the draft. */
function transfer(draft: Draft, targets: readonly Target[], files: readonly OverlayFile[], where: string): string[] {
  const current = files.map((file) => ({ ...file, text: draft.read(file.path) ?? file.text }));
  if (targets.length === 0) {
    return [];
  }
  const { files: changed, missing, carriers } = setVersions(current, targets, where);
  for (const { path, text } of changed) {
    draft.write(path, text);
  }
  const carriesBase = carriers.some(({ target }) => target.kind === 'base');
  return carriesBase
    ? []
    : missing.map((target) => `Nothing in ${where} carries ${targetName(target)}, so it stays as it is there.`);
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
  const { targets } = deployedIn(source.overlay ?? [], app);
  const [from, to] = [source.kustomization, target.kustomization];
  if (from === undefined || to === undefined || overlayCarriers(files, targets).length > 0) {
    return transfer(draft, targets, files, target.folder);
  }
  const bases = [appBases({ ...source, kustomization: from }, app), appBases({ ...target, kustomization: to }, app)];
  const [one, other] = bases.map(({ folders }) => JSON.stringify([...folders].sort()));
  if (one === other) {
    draft.write(to.path, addImages(draft.read(to.path) ?? to.text, to.path, from, targets));
  }
  return transfer(draft, targets, files, target.folder);
}

/** The app's part of a kustomization that all apps of an environment share. */
function transferShared(draft: Draft, app: string, source: OverlayPart, target: OverlayPart): string[] {
  const shared = source.overlay?.filter((file) => file.shared === true) ?? [];
  const { targets } = deployedIn(shared, app);
  const [from] = shared;
  const file = target.kustomization?.path;
  if (from === undefined || file === undefined || targets.length === 0) {
    return [];
  }
  draft.write(file, addImages(draft.read(file) ?? '', file, from, targets));
  const text = draft.read(file) ?? '';
  const carried = overlayCarriers([{ path: file, text }], targets).length > 0;
  return carried ? transfer(draft, targets, [{ path: file, text }], file) : [];
}

/** The app's files in the environment's own folder, such as `<app>-values.yaml`: their settings stay, their versions go. */
function transferOutside(draft: Draft, app: string, source: OverlayPart, target: OverlayPart): void {
  const outside = ({ overlay, patches }: OverlayPart) =>
    (overlay ?? []).filter(
      ({ path, shared }) => shared !== true && !path.startsWith(`${patches}/`) && !posix.basename(path).startsWith('_'),
    );
  const { targets } = deployedIn(outside(source), app);
  const files = outside(target);
  if (overlayCarriers(files, targets).length > 0) {
    transfer(draft, targets, files, target.folder);
  }
}

/** Whether something in the files is newer than what would replace it. What stays in any case does not count. */
function isBackwards(part: OverlayPart, targets: readonly Target[]): boolean {
  return overlayCarriers(replacedFiles(part), targets).some(goesBackwards);
}

/**
 * The files whose versions a promotion replaces. In the layout of groups, files whose name starts with `_` stay in any
 * case; in a folder of its own an app's version is set in these files, too.
 */
function replacedFiles(part: OverlayPart): OverlayFile[] {
  return (part.overlay ?? []).filter(({ path }) => part.isOwn || !path.startsWith(`${part.patches}/_`));
}
