import type { Layout } from '../../overlays/layout.js';
import { locateOverlays } from '../../overlays/locate-overlays.js';
import { NoOverlays, UnclearLayout } from '../../overlays/unclear-layout.js';
import { POLICY_FILE, type Policy, readPolicy } from '../../policy/policy.js';
import type { Problem } from '../../tree/problem.js';
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
  { head }: Comparison,
  policy: Policy,
): Promise<{ layout: Layout; problems: Problem[] }> {
  try {
    return { layout: await locateOverlays(head.tree, policy), problems: [] };
  } catch (error) {
    const next = await policyOf(head.tree.read(POLICY_FILE));
    if (next !== undefined && next.overlays.length > 0) {
      return { layout: await locateOverlays(head.tree, { ...next, environments: policy.environments }), problems: [] };
    }
    const level = policy.environments.length > 0 ? 'error' : 'warning';
    const isUnclear = error instanceof UnclearLayout && !(error instanceof NoOverlays);
    const problem: Problem[] = isUnclear ? [{ level, file: POLICY_FILE, line: undefined, message: error.message }] : [];
    return { layout: { templates: [] }, problems: problem };
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
