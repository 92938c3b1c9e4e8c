import type { Logins } from './approvals.js';
import type { PullBranch } from './pull-branch.js';

/** Branches of reverts of the audit, and of what materialize proposes. */
export const REVERTS = 'ostack-audit/revert-';
export const RENDERINGS = 'ostack/materialize/';

/** Whether the ops App opened a pull request, and nobody else pushed to it: nobody but that App has the key for it. */
export function isOfOpsApp({ author }: PullBranch, pushers: Logins): boolean {
  const own = author?.isOpsApp === true ? `${author.login}[bot]` : undefined;
  return own !== undefined && 'logins' in pushers && pushers.logins.every((login) => login === own);
}

/**
 * Whether it is what the ops App makes by itself: it takes back what the audit found, or proposes what the default branch is rendered
 * to. Nobody started that.
 */
export function isOwnWork(pull: PullBranch, pushers: Logins): boolean {
  return [REVERTS, RENDERINGS].some((begin) => pull.branch.startsWith(begin)) && isOfOpsApp(pull, pushers);
}
