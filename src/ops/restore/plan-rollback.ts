import type { Target } from '../carriers/carrier.js';
import { deployedTargets } from '../carriers/deployed.js';
import { everyCarrier, overlayCarriers } from '../carriers/find-carriers.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { setVersions } from '../carriers/set-version.js';
import { isSameThing, targetReference } from '../carriers/target.js';
import { type AppState, readState, textsOf, withLayers } from '../overlays/app-state.js';
import { readSiblings, refuseFollowers } from '../overlays/builds-on.js';
import { templatesOf } from '../overlays/carrier-files.js';
import { type LayeredOverlay, layeredOverlaysOf } from '../overlays/layered-overlay.js';
import { isPerApp, type Layout } from '../overlays/layout.js';
import { readOverlay } from '../overlays/overlay.js';
import { isJudged, unprovenVersion } from '../overlays/unproven-version.js';
import { activeHold, addHold, HOLDS_FILE, type Hold, readHolds } from '../policy/holds.js';
import type { Planned } from '../pull-requests/planned.js';
import { changedTree } from '../tree/changed-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { locksBack } from './chart-locks.js';
import { Draft } from './draft.js';
import type { Goal } from './goal.js';
import { pin, unprovenIn, unreadIn } from './layers.js';
import { movePart } from './plan-promotion.js';
import { byHand, readBack } from './read-back.js';

/** What a rollback is to leave. */
export interface RestoreRequest {
  environment: string;
  goals: readonly Goal[];
  /** The hold of each app, without its version; `undefined` to leave none. */
  hold: Omit<Hold, 'environment' | 'app' | 'version'> | undefined;
  now: Date;
}

/**
 * Plans a rollback, and a hold for each app. Where an app has a folder of its own, its carriers go back to what they held,
 * digests included. In the layout of groups its promotable patches and their references go back too, to how they were
 * before what is undone came; files whose name starts with `_` stay. A hold that is on for the same version already stays
 * as it is.
 *
 * @param treeAt any commit of the repository
 * @throws Error where an overlay is gone, a file cannot be read or changed as YAML, or a container would run something else
 */
export async function planRollback(
  tree: TreeReader,
  layout: Layout,
  request: RestoreRequest,
  treeAt: (oid: string) => TreeReader,
): Promise<Planned> {
  const { environment, hold } = request;
  const goals = await Promise.all(request.goals.map((goal) => withoutIdle(treeAt, layout, environment, goal)));
  const restore = { ...request, goals };
  const [holdsText, back] = await Promise.all([
    tree.read(HOLDS_FILE),
    isEveryOwn(layout, goals)
      ? carriersBack(tree, layout, restore, treeAt)
      : patchesBack(tree, layout, restore, treeAt),
  ]);
  const { change, before } = back.change();
  const changed = [...change.files.keys(), ...(change.deletions ?? [])];
  await Promise.all(goals.map((goal) => checkFollowers(tree, layout, environment, goal, changed)));
  const files = new Map(change.files);
  const held = hold === undefined ? holdsText : withHolds(holdsText, { ...restore, hold });
  if (held !== undefined && held !== holdsText) {
    files.set(HOLDS_FILE, held);
    if (holdsText !== undefined) {
      before.set(HOLDS_FILE, holdsText);
    }
  }
  const unproved = await readBackAll(changedTree(tree, change), layout, environment, goals, treeAt);
  const deletions = change.deletions ?? [];
  if (files.size + deletions.length === 0) {
    const names = goals.map(({ app, version }) => `${app} ${version}`).join(', ');
    const and = hold === undefined ? '' : ', and held there';
    return { state: 'nothing', reason: `${names} is in ${environment} already${and}` };
  }
  const more = unproved.length === 0 ? {} : { unproved };
  return { state: 'change', change: { files, deletions }, before, ...more };
}

/** A goal without what its files said then and no container ran: an entry of `images` that set nothing. */
async function withoutIdle(
  treeAt: (oid: string) => TreeReader,
  layout: Layout,
  environment: string,
  goal: Goal,
): Promise<Goal> {
  const { app, entry } = goal;
  const { deployed } = await stateIn(treeAt(entry.lastOid), layout, environment, app);
  const held = deployed && deployedTargets(deployed);
  const targets = entry.targets.filter((each) => held?.some((other) => isSameThing(each, other)) !== false);
  return targets.length === 0 ? goal : { ...goal, entry: { ...entry, targets } };
}

/**
 * Reads back what the environment has then.
 *
 * @returns what people should know: what stays, and why it is not proved that something runs the rest
 * @throws Error where an app would not be back
 */
async function readBackAll(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  goals: readonly Goal[],
  treeAt: (oid: string) => TreeReader,
): Promise<string[]> {
  const found = await Promise.all(
    goals.map(async (goal) => {
      const { app, entry } = goal;
      const [then, after] = await Promise.all([
        stateIn(treeAt(entry.lastOid), layout, environment, app),
        stateIn(tree, layout, environment, app),
      ]);
      return [...readBack(goal, then, after), ...unreadIn(after.parts, entry.targets)];
    }),
  );
  return [...new Set(found.flat())];
}

/** @throws Error where another environment would go back too */
async function checkFollowers(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  { app, entry }: Goal,
  changed: readonly string[],
): Promise<void> {
  const where = { environment, app };
  const [overlay, siblings] = await Promise.all([
    readOverlay(tree, layout, environment, app),
    readSiblings(tree, layout, where),
  ]);
  const files = overlay?.files ?? [];
  await refuseFollowers(tree, layout, { ...where, changed, files, targets: entry.targets }, siblings);
}

/** Whether all of the apps have folders or files of their own. */
function isEveryOwn(layout: Layout, goals: readonly Goal[]): boolean {
  return goals.every(({ app }) => templatesOf(layout, app).every((template) => isPerApp(layout, template)));
}

async function carriersBack(
  tree: TreeReader,
  layout: Layout,
  { environment, goals }: RestoreRequest,
  treeAt: (oid: string) => TreeReader,
): Promise<Draft> {
  const [overlays, layered] = await Promise.all([
    Promise.all(goals.map(({ app }) => readOverlay(tree, layout, environment, app))),
    Promise.all(goals.map(({ app }) => layeredOverlaysOf(tree, layout, environment, app))),
  ]);
  const draft = new Draft(overlays.flatMap((overlay) => overlay?.files.map(({ path, text }) => [path, text]) ?? []));
  for (const [index, goal] of goals.entries()) {
    const { app, entry } = goal;
    const overlay = overlays[index];
    if (overlay === undefined) {
      throw notThere(environment, app);
    }
    const current = () => overlay.files.map((file) => ({ ...file, text: draft.read(file.path) ?? file.text }));
    pinUncarried(draft, entry.targets, layered[index] ?? [], current());
    const carried = current();
    if (overlayCarriers(carried, entry.targets).length === 0) {
      throw notCarried(goal, overlay.folder, carried);
    }
    const { files, stale } = setVersions(carried, entry.targets, overlay.folder);
    for (const { path, text } of files) {
      draft.write(path, text);
    }
    pinRest(draft, entry.targets, layered[index] ?? [], overlay.files);
    await locksBack(draft, stale, treeAt(entry.lastOid));
  }
  return draft;
}

/** Apps of a group share their kustomization, so their edits are applied one after the other. */
async function patchesBack(
  tree: TreeReader,
  layout: Layout,
  { environment, goals }: RestoreRequest,
  treeAt: (oid: string) => TreeReader,
): Promise<Draft> {
  const moves = await Promise.all(
    goals.map(async ({ app, entry }) => {
      const [source, target] = await Promise.all([
        stateIn(treeAt(entry.lastOid), layout, environment, app),
        stateIn(tree, layout, environment, app),
      ]);
      return { app, source, target };
    }),
  );
  const draft = new Draft(moves.flatMap(({ target }) => [...textsOf(target)]));
  for (const { app, source, target } of moves) {
    if (target.deployed === undefined) {
      throw notThere(environment, app);
    }
    for (const [index, part] of source.parts.entries()) {
      const other = target.parts[index];
      if (part.overlay !== undefined && other !== undefined) {
        movePart(draft, { app }, part, other);
      }
    }
    const reason = unprovenIn(
      target.parts,
      source.deployed === undefined ? [] : deployedTargets(source.deployed),
      draft,
    );
    if (reason !== undefined) {
      throw new Error(reason);
    }
  }
  return draft;
}

async function stateIn(tree: TreeReader, layout: Layout, environment: string, app: string): Promise<AppState> {
  return withLayers(tree, layout, await readState(tree, layout, environment, app));
}

/** Entries for containers whose images only a base says, so that no other environment goes back. */
function pinUncarried(
  draft: Draft,
  targets: readonly Target[],
  layered: readonly LayeredOverlay[],
  files: readonly OverlayFile[],
): void {
  const open = targets
    .filter((target) => target.kind === 'image')
    .filter((target) => !everyCarrier(files, [target]).some(({ certain }) => certain));
  for (const overlay of layered) {
    pin(draft, open, overlay, files);
  }
}

/** Nothing carries now what ran then: it came from elsewhere. */
function notCarried(goal: Goal, folder: string, files: readonly OverlayFile[]): Error {
  const { app, entry } = goal;
  const were = entry.targets.map(targetReference).join(', ');
  const looked = files.map(({ path }) => path).join(', ');
  return new Error(
    `${app} ran ${were} then, and nothing in ${folder} carries a version of that now (looked at ${looked}). ${byHand(goal, [folder])}`,
  );
}

/** Entries for containers that would run something else than what was set, read back through all layers. */
function pinRest(
  draft: Draft,
  targets: readonly Target[],
  layered: readonly LayeredOverlay[],
  files: readonly OverlayFile[],
): void {
  const current = () => files.map((file) => ({ ...file, text: draft.read(file.path) ?? file.text }));
  const images = targets.filter((target) => target.kind === 'image').filter((target) => isJudged(files, target));
  for (const overlay of layered) {
    pin(draft, images, overlay, current());
  }
  const [reason] = images.flatMap((target) => unprovenVersion(layered, current(), draft.texts(), target) ?? []);
  if (reason !== undefined) {
    throw new Error(reason);
  }
}

function notThere(environment: string, app: string): Error {
  return new Error(`There is no app "${app}" in ${environment}, so there is nothing to roll back.`);
}

function withHolds(
  text: string | undefined,
  { environment, goals, hold, now }: RestoreRequest & { hold: NonNullable<RestoreRequest['hold']> },
): string | undefined {
  return goals.reduce((current: string | undefined, { app, version }) => {
    const on = activeHold(readHolds(current), environment, app, now);
    return on?.version === version ? current : addHold(current, { environment, app, version, ...hold });
  }, text);
}
