import { type Connected, nameOf } from '../../github/connected.js';
import { isRefusal } from '../../github/errors.js';
import { readFailure } from '../../github/failure.js';
import type { Logins } from '../judgement/approvals.js';
import { isDeciding } from '../judgement/assign-paths.js';
import type { ChangeFacts } from '../judgement/change-facts.js';
import { isOfOpsApp } from '../judgement/own-work.js';
import type { PullBranch } from '../judgement/pull-branch.js';
import { pushersOf } from '../judgement/pushers.js';
import { isOnBranch } from '../judgement/starters.js';
import type { Venue } from '../judgement/venue.js';
import { hasRules } from '../policy/policy.js';

/**
 * Says of each environment whose manifests change whether they are what its source gives, as far as GitHub tells that: the ops App made
 * them, whose key workflows of the default branch alone have, of a commit of that branch. Texts permit nothing, so what else
 * says that materialize made it is by hand.
 *
 * @param pull `undefined` for what was pushed straight to the branch
 * @returns the same facts where nothing is rendered
 */
export async function withOrigin(
  { here, home, branch }: Venue,
  facts: ChangeFacts,
  pull: PullBranch | undefined,
): Promise<ChangeFacts> {
  const { sources, byHand, environments, policy, assignment } = facts;
  const paths = assignment.paths.filter(({ path }) => !isDeciding(path));
  const touched = environments.filter(
    (name) => hasRules(policy, name) && paths.some((path) => path.environments.includes(name)),
  );
  if (sources === undefined || touched.length === 0) {
    return facts;
  }
  const made = pull === undefined ? 'By hand: it was pushed straight to the branch.' : await handsOn(here, pull);
  const all = new Map(byHand);
  for (const name of touched) {
    const why = made ?? (await unknownSource(home, branch, sources.get(name) ?? ''));
    all.set(name, [...(all.get(name) ?? []), ...(why === undefined ? [] : [why])]);
  }
  return { ...facts, byHand: all };
}

/** Why nobody can tell that materialize made it, a sentence; `undefined` where the ops App did, and nobody else pushed. */
async function handsOn(ops: Connected, pull: PullBranch): Promise<string | undefined> {
  if (pull.isFork) {
    return 'By hand: it comes from a fork.';
  }
  const pushers = await pushersOf(ops, pull);
  return isOfOpsApp(pull, pushers) ? undefined : `By hand: ${whose(pull, pushers)}, and not the ops App alone.`;
}

function whose({ author }: PullBranch, pushers: Logins): string {
  const opened = `${author?.login ?? 'somebody'} opened it`;
  return 'problem' in pushers
    ? `${opened} (${pushers.problem.replace(/\.$/, '')})`
    : `${opened}, ${pushers.logins.join(' and ')} pushed to it`;
}

/** Why nobody can tell that manifests are of the default branch, a sentence. @param source `owner/name@commit`, as they say it */
async function unknownSource(ops: Connected, branch: string, source: string): Promise<string | undefined> {
  const [repository = '', commit = ''] = source.split('@');
  const isOwn = repository.toLowerCase() === nameOf(ops).toLowerCase();
  return isOwn && (await isThere(ops, branch, commit))
    ? undefined
    : `By hand: it says that it is made of ${source || 'nothing'}, which is not on ${branch} of ${nameOf(ops)}.`;
}

/** A commit that nobody has is on no branch. */
async function isThere(ops: Connected, branch: string, commit: string): Promise<boolean> {
  try {
    return await isOnBranch(ops, branch, commit);
  } catch (error) {
    if (isRefusal(error) || readFailure(error)?.status === 422) {
      return false;
    }
    throw error;
  }
}
