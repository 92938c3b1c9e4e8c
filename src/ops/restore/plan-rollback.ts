import type { Target } from '../carriers/carrier.js';
import { deployedTargets } from '../carriers/deployed.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { setVersions } from '../carriers/set-version.js';
import { type AppState, readState, textsOf, withLayers } from '../overlays/app-state.js';
import { readSiblings, refuseFollowers } from '../overlays/builds-on.js';
import { type LayeredOverlay, layeredOverlaysOf } from '../overlays/layered-overlay.js';
import { isPerApp, type Layout, templatesOf } from '../overlays/layout.js';
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
  restore: RestoreRequest,
  treeAt: (oid: string) => TreeReader,
): Promise<Planned> {
  const { environment, goals, hold } = restore;
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
  const deletions = change.deletions ?? [];
  if (files.size + deletions.length === 0) {
    const names = goals.map(({ app, version }) => `${app} ${version}`).join(', ');
    const and = hold === undefined ? '' : ', and held there';
    return { state: 'nothing', reason: `${names} is in ${environment} already${and}` };
  }
  const unproved = await unprovedOf(changedTree(tree, change), layout, environment, goals);
  const more = unproved.length === 0 ? {} : { unproved };
  return { state: 'change', change: { files, deletions }, before, ...more };
}

/** Why it is not proved that something runs what the environment has then. */
async function unprovedOf(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  goals: readonly Goal[],
): Promise<string[]> {
  const found = await Promise.all(
    goals.map(async ({ app, entry }) => unreadIn((await stateIn(tree, layout, environment, app)).parts, entry.targets)),
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
  for (const [index, { app, entry }] of goals.entries()) {
    const overlay = overlays[index];
    if (overlay === undefined) {
      throw notThere(environment, app);
    }
    const current = overlay.files.map((file) => ({ ...file, text: draft.read(file.path) ?? file.text }));
    const { files, stale } = setVersions(current, entry.targets, overlay.folder);
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
