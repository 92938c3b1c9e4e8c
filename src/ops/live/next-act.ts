import { isoSeconds } from '../../report/time.js';
import { durationOf } from '../../runtime/duration.js';
import type { Health } from '../policy/health.js';
import type { ReadyPolicy } from '../policy/ready-policy.js';

/** Who acts next, and how: a sentence; empty where nobody has to. */
export function nextAct({ state, since }: Health, { timeoutMs }: Pick<ReadyPolicy, 'timeoutMs'>): string {
  switch (state) {
    case 'live':
      return '';
    case 'failed':
      return 'Whoever brought it mends it, or runs Rollback.';
    case 'unknown':
      return 'Whoever looks after the cluster looks whether it is well and reports, then runs Rollback where it is not.';
    default: {
      const end =
        since === undefined
          ? `within ${durationOf(timeoutMs)}`
          : `by ${isoSeconds(new Date(since.getTime() + timeoutMs))}`;
      return `The cluster reports ${end}.`;
    }
  }
}
