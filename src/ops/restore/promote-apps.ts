import { isRequestFailure } from '../../github/errors.js';
import { deployedTargets } from '../carriers/deployed.js';
import { targetName } from '../carriers/target.js';
import { oldImages } from '../kustomize/old-images.js';
import { type AppState, readState, textsOf, withLayers } from '../overlays/app-state.js';
import { readSiblings, refuseFollowers } from '../overlays/builds-on.js';
import type { Layout } from '../overlays/layout.js';
import type { Change } from '../tree/change.js';
import { changedTree } from '../tree/changed-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { unprovenIn, unreadIn } from './layers.js';
import type { Move } from './move.js';
import { type Promotion, planPromotion } from './plan-promotion.js';
import { isHeldByDigest, isOtherVersion, replacedIn, shownVersion } from './replaced.js';

/**
 * Plans that the target environment adopts what the source says of some apps, and reads the target back from the tree as
 * it would be then. An app that would not have what is claimed has failed, and nothing of it is in the change.
 *
 * @param tree the commit that is planned on
 * @throws what a failed request throws
 */
export async function promoteApps(
  tree: TreeReader,
  layout: Layout,
  moves: readonly Move[],
  includeNew: boolean,
): Promise<Promotion> {
  const plan = planPromotion(moves, includeNew);
  const going = moves.filter(({ app }) => plan.moved.some((each) => each.app === app));
  const found = await Promise.all(
    going.map(async (move) => {
      const read = await readBack(tree, layout, plan.change, move);
      return { ...read, error: read.error ?? (await followersError(tree, layout, plan.change, move)) };
    }),
  );
  const failed = going.flatMap(({ app }, index) => {
    const error = found[index]?.error;
    return error === undefined ? [] : [{ app, error }];
  });
  if (failed.length === 0) {
    const unproved = (app: string) => found[going.findIndex((move) => move.app === app)]?.unproved ?? [];
    const moved = plan.moved.map((each) => ({ ...each, unproved: [...(each.unproved ?? []), ...unproved(each.app)] }));
    return { ...plan, moved };
  }
  const others = going.filter(({ app }) => failed.every((each) => each.app !== app));
  const rest = await promoteApps(tree, layout, others, includeNew);
  return { ...rest, failed: [...plan.failed, ...failed, ...rest.failed] };
}

/** Why the target would not have what the source has, if it would not; and what keeps it open whether something runs it. */
async function readBack(
  tree: TreeReader,
  layout: Layout,
  change: Change,
  { app, source, target }: Move,
): Promise<{ error: Error | undefined; unproved: string[] }> {
  const after = changedTree(tree, change);
  const state = await withLayers(after, layout, await readState(after, layout, target.environment, app));
  const wanted = source.deployed === undefined ? [] : deployedTargets(source.deployed);
  return { error: wrongWith(state, { app, source, target }), unproved: unreadIn(state.parts, wanted) };
}

/** Why a target would not have what the source has; `undefined` where it would. */
function wrongWith(state: AppState, { app, source, target }: Move): Error | undefined {
  const then = replacedIn(state);
  const wanted = source.deployed;
  const now = deployedTargets(then);
  const different = wanted && deployedTargets(wanted).find((each) => now.some((other) => isOtherVersion(each, other)));
  const isSame =
    wanted !== undefined && (then.version === wanted.version || isHeldByDigest(deployedTargets(wanted), then));
  if (wanted === undefined || (isSame && different === undefined)) {
    const unproven = wanted === undefined ? undefined : unprovenIn(state.parts, deployedTargets(wanted));
    return unproven === undefined ? undefined : new Error(unproven);
  }
  const old = oldImages(state.parts.flatMap(({ kustomization }) => kustomization ?? []));
  if (old !== undefined) {
    return new Error(old);
  }
  // What overrides the version where it is set; where it is set nowhere, what the base runs is no place to set it.
  const reason = then.version === null ? undefined : unprovenIn(state.parts, deployedTargets(wanted));
  const [what, has] =
    then.version === wanted.version && different !== undefined
      ? [shownVersion(different), `another version of ${targetName(different)}`]
      : [wanted.version ?? 'missing version', `${app} ${then.version ?? 'without a version'}`];
  return new Error(
    `${target.environment} would have ${has}, because nothing in it takes the ${what} that ${source.environment} has. ` +
      (reason ?? `Let it carry the version in the way of ${source.environment}, then promote again.`),
  );
}

/** Why another environment would change with the target; `undefined` where none does. */
async function followersError(
  tree: TreeReader,
  layout: Layout,
  { files, deletions = [] }: Change,
  { app, source, target }: Move,
): Promise<Error | undefined> {
  const own = new Set([...textsOf(target).keys(), ...target.parts.flatMap(({ folder }) => folder)]);
  const changed = [...files.keys(), ...deletions].filter(
    (path) => own.has(path) || target.parts.some(({ folder }) => path.startsWith(`${folder}/`)),
  );
  const where = { environment: target.environment, app };
  const overlay = target.parts.flatMap((part) => part.overlay ?? []);
  const targets = source.deployed === undefined ? [] : deployedTargets(source.deployed);
  try {
    const siblings = await readSiblings(tree, layout, where);
    await refuseFollowers(tree, layout, { ...where, changed, files: overlay, targets }, siblings);
    return undefined;
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return error;
  }
}

/**
 * Reads what two environments have of an app, through all layers of kustomize.
 *
 * @param trees the commits that the two are read from
 * @param layout where overlays are in the target's
 * @param sourceLayout where they are in the source's, where that is another branch
 * @throws InvalidYaml where a kustomization is not valid YAML; what a failed request throws
 */
export async function readMove(
  trees: Record<'source' | 'target', TreeReader>,
  layout: Layout,
  from: string,
  to: string,
  app: string,
  sourceLayout = layout,
): Promise<Move> {
  const read = async (tree: TreeReader, where: Layout, environment: string) =>
    withLayers(tree, where, await readState(tree, where, environment, app));
  const [source, target] = await Promise.all([read(trees.source, sourceLayout, from), read(trees.target, layout, to)]);
  return { app, source, target };
}
