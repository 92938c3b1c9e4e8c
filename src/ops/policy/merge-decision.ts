import { utc } from '../../report/time.js';
import { frozenUntil } from './freeze.js';
import type { PolicyEnvironment } from './policy.js';

/** Whether a pull request merges by itself: as the policy's `cd` says, or decided by the caller. */
export type MergeChoice = 'auto' | 'true' | 'false';

/** Whether a pull request merges by itself. */
export interface MergeDecision {
  merges: boolean;
  /** Why it does not although the policy says so, the rest of a sentence; empty otherwise. */
  reason: string;
}

/**
 * Whether the pull request of a release or a promotion merges by itself. `true` goes past a freeze: a person asked for it
 * by name. What the rules of the branch hold back waits in any case.
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
