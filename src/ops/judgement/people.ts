import { HOME } from '../policy/places.js';
import { environmentPolicy } from '../policy/policy.js';
import type { PullPeople } from './approvals.js';
import type { ChangeFacts } from './change-facts.js';
import { isOfEnvironments } from './judged-place.js';
import { isOwnWork } from './own-work.js';
import type { PullBranch } from './pull-branch.js';
import { handsIn, pushersOf } from './pushers.js';
import { startersOf } from './starters.js';
import type { Venue } from './venue.js';

/**
 * Who had a hand in a pull request, as GitHub tells it: who started the run that made its head, and who pushed to its branch.
 * It is asked only where somebody has to approve.
 */
export async function peopleFor(venue: Venue, facts: ChangeFacts, pull: PullBranch): Promise<PullPeople> {
  const { here, home, branch } = venue;
  const { head, author, isFork, reviews, baseChangedAt, reopened } = pull;
  const known = { head, author: author?.login, isFork, reviews, baseChangedAt, reopened };
  if (isFork || !isApprovalAsked(facts)) {
    return { ...known, starters: { logins: [] }, pushers: { logins: [] } };
  }
  const pushers = isOfEnvironment(facts, venue, pull) ? await handsIn(here, pull) : await pushersOf(here, pull);
  return isOwnWork(pull, pushers)
    ? { ...known, starters: { logins: [] }, pushers }
    : { ...known, ...(await startersOf(home, branch, pull)), pushers };
}

function isApprovalAsked({ environments, policy, ruled, assignment }: ChangeFacts): boolean {
  const asking = environments.filter((name) => environmentPolicy(policy, name).approvers.length > 0);
  return (
    asking.some((name) => ruled.has(name)) ||
    assignment.paths.some((path) => path.environments.some((name) => asking.includes(name)))
  );
}

/** Whether it merges a branch that environments live on: many have pushed to that, most of whom the base has already. */
function isOfEnvironment({ policy }: ChangeFacts, { judged, branch }: Venue, { branch: head }: PullBranch): boolean {
  const { place = HOME, base } = judged ?? {};
  return isOfEnvironments(
    policy.environments,
    { place, home: { branch }, ...(base === undefined ? {} : { base }) },
    head,
  );
}
