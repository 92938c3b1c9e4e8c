import { isRequestFailure } from '../../github/errors.js';
import type { Target } from '../carriers/carrier.js';
import { type Deployed, deployedTargets } from '../carriers/deployed.js';
import { isSameImage, isSameThing, isSameVersion, tagOf, targetName } from '../carriers/target.js';
import { type AppState, knowsBases, readState, textsOf, withBases } from '../overlays/app-state.js';
import { deployedWithBase } from '../overlays/base-images.js';
import { readSiblings, refuseFollowers } from '../overlays/builds-on.js';
import type { Layout } from '../overlays/layout.js';
import type { Change } from '../tree/change.js';
import { changedTree } from '../tree/changed-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type Move, type Promotion, planPromotion, replacedFiles } from './plan-promotion.js';

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
  const wrong = await Promise.all(
    going.map(
      async (move) =>
        (await wrongWith(tree, layout, plan.change, move)) ?? followersError(tree, layout, plan.change, move),
    ),
  );
  const failed = going.flatMap(({ app }, index) => {
    const error = wrong[index];
    return error === undefined ? [] : [{ app, error }];
  });
  if (failed.length === 0) {
    return plan;
  }
  const others = going.filter(({ app }) => failed.every((each) => each.app !== app));
  const rest = await promoteApps(tree, layout, others, includeNew);
  return { ...rest, failed: [...plan.failed, ...failed, ...rest.failed] };
}

/** Why the target would not have what the source has; `undefined` where it would. */
async function wrongWith(
  tree: TreeReader,
  layout: Layout,
  change: Change,
  { app, source, target }: Move,
): Promise<Error | undefined> {
  const after = changedTree(tree, change);
  const state = await readState(after, layout, target.environment, app);
  const then = replacedIn([source, target].some(knowsBases) ? await withBases(after, layout, state) : state);
  const wanted = source.deployed;
  const now = deployedTargets(then);
  const different = wanted && deployedTargets(wanted).find((each) => now.some((other) => isOtherVersion(each, other)));
  if (wanted === undefined || (then.version === wanted.version && different === undefined)) {
    return undefined;
  }
  const [what, has] =
    then.version === wanted.version && different !== undefined
      ? [versionOf(different), `another version of ${targetName(different)}`]
      : [wanted.version ?? 'missing version', `${app} ${then.version ?? 'without a version'}`];
  return new Error(
    `${target.environment} would have ${has}, because nothing in it takes the ${what} that ${source.environment} has. ` +
      `Let it carry the version in the way of ${source.environment}, then promote again.`,
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

/** What a target holds, but for files that stay in any case. */
function replacedIn({ app, parts }: AppState): Deployed {
  const files = parts.flatMap(replacedFiles);
  return deployedWithBase(
    files,
    app,
    parts.flatMap(({ base }) => base ?? []),
  );
}

function isOtherVersion(one: Target, other: Target): boolean {
  if (one.kind === 'base' || other.kind === 'base') {
    const isSame = one.kind === 'base' && other.kind === 'base' && one.repository === other.repository;
    return isSame && one.appPath === other.appPath && one.gitTag !== other.gitTag;
  }
  if (one.kind === 'chart' || other.kind === 'chart') {
    return isSameThing(one, other) && !isSameVersion(one, other);
  }
  const isOtherDigest = one.digest !== undefined && other.digest !== undefined && one.digest !== other.digest;
  return isSameImage(one, other) && (one.tag !== other.tag || isOtherDigest);
}

function versionOf(target: Target): string {
  const digest = target.kind === 'base' ? undefined : target.digest?.slice(0, 19);
  return tagOf(target) ?? digest ?? '';
}

/**
 * Reads what two environments say of an app, with their bases where the files of the two do not say it all: the source
 * names no version, or they do not name the same images.
 *
 * @param trees the commits that the two are read from
 * @throws InvalidYaml where a kustomization is not valid YAML; what a failed request throws
 */
export async function readMove(
  trees: Record<'source' | 'target', TreeReader>,
  layout: Layout,
  from: string,
  to: string,
  app: string,
): Promise<Move> {
  const [source, target] = await Promise.all([
    readState(trees.source, layout, from, app),
    readState(trees.target, layout, to, app),
  ]);
  if (!needsBases(source, target)) {
    return { app, source, target };
  }
  const [one, other] = await Promise.all([
    withBases(trees.source, layout, source),
    withBases(trees.target, layout, target),
  ]);
  return { app, source: one, target: other };
}

function needsBases({ deployed: wanted }: AppState, { deployed: there }: AppState): boolean {
  if (wanted === undefined) {
    return false;
  }
  const isBare = wanted.targets.length + wanted.pinned.length === 0;
  return isBare || (there !== undefined && namesOf(wanted) !== namesOf(there));
}

function namesOf({ targets, pinned }: Deployed): string {
  return JSON.stringify([...new Set([...targets, ...pinned].map(({ repository }) => repository))].sort());
}
