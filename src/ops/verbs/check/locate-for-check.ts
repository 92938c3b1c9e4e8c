import { layoutAt } from '../../layouts/layout-at.js';
import { locateOverlays } from '../../layouts/locate-overlays.js';
import { NoOverlays } from '../../layouts/unclear-layout.js';
import type { DeployingObject, Layout } from '../../overlays/layout.js';
import type { Place } from '../../policy/places.js';
import { POLICY_FILE, type Policy, readPolicy } from '../../policy/policy.js';
import { changedTree } from '../../tree/changed-tree.js';
import type { Problem } from '../../tree/problem.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { InvalidYaml } from '../../yaml/parse.js';
import type { Comparison } from './comparison.js';

/**
 * Says where the overlays are after a change. The policy in force says so; a new policy only where nothing else does, so
 * that the change which makes it clear passes.
 *
 * @param policy the one in force
 * @returns no templates where that is not clear, with a problem: an error where the policy has environments, whose rules
 *   nobody can judge by then. A repository without overlays has kustomizations to build all the same
 */
export async function locateForCheck(
  { head, changed, place }: Comparison,
  policy: Policy,
): Promise<{ layout: Layout; problems: Problem[] }> {
  try {
    return { layout: await locateWithoutBroken(head.tree, { policy, place }, changed), problems: [] };
  } catch (error) {
    const next = await nextLayout(head, policy, place);
    if (next !== undefined) {
      return { layout: next, problems: [] };
    }
    const level = policy.environments.length > 0 ? 'error' : 'warning';
    const message = error instanceof Error ? error.message : String(error);
    const problems: Problem[] =
      error instanceof NoOverlays ? [] : [{ level, file: POLICY_FILE, line: undefined, message }];
    return { layout: { templates: [] }, problems };
  }
}

/** On the default branch whatever looks like an environment's is one's, wherever it lives: nothing is let in because of what it is called. */
function located(tree: TreeReader, policy: Policy, place: Place | undefined): Promise<Layout> {
  return place === undefined ? locateOverlays(tree, policy) : layoutAt(tree, policy, place);
}

/** The objects that deployed overlays before a change; none where it was not clear then where they are. */
export async function objectsBefore({ base, place }: Comparison, policy: Policy): Promise<readonly DeployingObject[]> {
  try {
    return (await located(base.tree, policy, place)).deployedBy ?? [];
  } catch {
    return [];
  }
}

/** Broken files that are left out at most. */
const MOST_BROKEN = 10;

/** Says where the overlays are by all files but broken ones that the change leaves alone: those are not its problem. */
async function locateWithoutBroken(
  tree: TreeReader,
  where: { policy: Policy; place: Place | undefined },
  changed: ReadonlySet<string>,
  left = MOST_BROKEN,
): Promise<Layout> {
  try {
    return await located(tree, where.policy, where.place);
  } catch (error) {
    if (!(error instanceof InvalidYaml) || changed.has(error.file) || left === 0) {
      throw error;
    }
    return locateWithoutBroken(
      changedTree(tree, { files: new Map(), deletions: [error.file] }),
      where,
      changed,
      left - 1,
    );
  }
}

/** What the policy after the change says, for the environments of the one in force; `undefined` where it does not help. */
async function nextLayout(
  { tree }: Comparison['head'],
  { environments }: Policy,
  place: Place | undefined,
): Promise<Layout | undefined> {
  const next = await policyOf(tree.read(POLICY_FILE));
  try {
    return next === undefined || next.overlays.length === 0
      ? undefined
      : await located(tree, { ...next, environments }, place);
  } catch {
    return undefined;
  }
}

/** `undefined` where the file is broken: that is reported as a problem of the file. */
async function policyOf(reading: Promise<string | undefined>): Promise<Policy | undefined> {
  try {
    return readPolicy(await reading);
  } catch {
    return undefined;
  }
}
