import { firstFew } from '../../../report/first-few.js';
import { isOfGate } from '../../policy/gate-check.js';
import type { Checks } from './check.js';

/** Names that one sentence has. */
const MOST_NAMES = 3;

/**
 * What a pull request's checks still lack. All that is reported has to be green, for nothing says which check matters where
 * no rule requires any; what is `wanted` has to be there as well. What the policy says of it, `ostack/<environment>` and the
 * gate's checks, does not count: that is judged anew, and may have been said an hour ago.
 *
 * @param wanted names of checks
 * @returns a sentence without its end; `undefined` where they are green
 */
export function openChecks({ all, isCut }: Checks, wanted: readonly string[]): string | undefined {
  if (isCut) {
    return 'it has more checks than GitHub lists at once, so nobody can tell whether all are green';
  }
  const own = all.filter(({ name }) => !isOfPolicy(name));
  const failed = own.filter(({ state }) => state === 'failure').map(({ name }) => name);
  if (failed.length > 0) {
    return `${firstFew(failed, MOST_NAMES)} failed`;
  }
  const pending = own.filter(({ state }) => state === 'pending').map(({ name }) => name);
  if (pending.length > 0) {
    return `waits for ${firstFew(pending, MOST_NAMES)}`;
  }
  const missing = wanted.filter((name) => !own.some((check) => check.name === name && check.state === 'success'));
  return missing.length === 0
    ? undefined
    : `waits for ${firstFew(missing, MOST_NAMES)}, which has not reported about its head: where a workflow's token opened the pull request, a person starts it there`;
}

function isOfPolicy(name: string): boolean {
  return name.startsWith('ostack/') || isOfGate(name);
}
