import { utc } from '../../report/time.js';
import { frozenUntil } from './freeze.js';
import type { PolicyEnvironment } from './policy.js';

/** The input `merge` of a verb: `auto` follows `cd` of the policy, `true` and `false` override it. */
export type MergeChoice = 'auto' | 'true' | 'false';

/** Whether a pull request merges by itself. */
export interface MergeDecision {
  merges: boolean;
  /** Why it does not merge although `cd` is true, as the rest of a sentence; empty otherwise. */
  reason: string;
}

/**
 * Decides whether the pull request of a release or a promotion merges by itself. It does not during a freeze, except
 * with the choice `true`, for which a person asked by name. The rules of the branch apply in any case.
 */
export function decideMerge(environment: PolicyEnvironment, choice: MergeChoice, now: Date): MergeDecision {
  if (choice === 'false' || (choice === 'auto' && !environment.cd)) {
    return { merges: false, reason: '' };
  }
  const until = choice === 'true' ? undefined : frozenUntil(environment.freeze, now);
  return until === undefined
    ? { merges: true, reason: '' }
    : { merges: false, reason: `${environment.name} is frozen until ${utc(until)}, so it waits for a person` };
}
