import type { Connected } from '../../github/connected.js';
import { environmentPolicy } from '../policy/policy.js';
import type { PullPeople } from './approvals.js';
import type { ChangeFacts } from './change-facts.js';
import { isOwnWork } from './own-work.js';
import type { PullBranch } from './pull-branch.js';
import { handsIn, pushersOf } from './pushers.js';
import { startersOf } from './starters.js';

/**
 * Who had a hand in a pull request, as GitHub tells it: who started the run that made its head, and who pushed to its branch.
 * It is asked only where somebody has to approve.
 *
 * @param branch the default branch
 */
export async function peopleFor(
  ops: Connected,
  branch: string,
  facts: ChangeFacts,
  pull: PullBranch,
): Promise<PullPeople> {
  const { head, author, isFork, reviews, baseChangedAt, reopened } = pull;
  const known = { head, author: author?.login, isFork, reviews, baseChangedAt, reopened };
  if (isFork || !isApprovalAsked(facts)) {
    return { ...known, starters: { logins: [] }, pushers: { logins: [] } };
  }
  const pushers = isOfEnvironment(facts, branch, pull) ? await handsIn(ops, pull) : await pushersOf(ops, pull);
  return isOwnWork(pull, pushers)
    ? { ...known, starters: { logins: [] }, pushers }
    : { ...known, ...(await startersOf(ops, branch, pull)), pushers };
}

function isApprovalAsked({ environments, policy, ruled, assignment }: ChangeFacts): boolean {
  const asking = environments.filter((name) => environmentPolicy(policy, name).approvers.length > 0);
  return (
    asking.some((name) => ruled.has(name)) ||
    assignment.paths.some((path) => path.environments.some((name) => asking.includes(name)))
  );
}

/** Whether it merges a branch that environments live on: many have pushed to that, most of whom the base has already. */
function isOfEnvironment({ policy }: ChangeFacts, branch: string, { branch: head }: PullBranch): boolean {
  return head === branch || policy.environments.some((each) => each.repository === undefined && each.branch === head);
}
