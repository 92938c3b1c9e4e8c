import { durationOf } from '../../../../runtime/duration.js';
import type { PreviewRecord } from '../../../preview-records/record.js';

/**
 * Whether nothing happened to a preview for so long that it is put to sleep: no push, no other request, no command. The
 * environment of a workflow run never is: its tests are all that happens to it, and nobody sees them.
 *
 * @param sleepAfterMs `previews.sleep.after` of the policy, in milliseconds; `undefined` for never
 * @param share of that time
 */
export function isIdle(
  { state, pullRequest, updatedAt, asleepAt }: PreviewRecord,
  now: Date,
  sleepAfterMs: number | undefined,
  share = 1,
): boolean {
  return (
    sleepAfterMs !== undefined &&
    pullRequest !== undefined &&
    state === 'active' &&
    asleepAt === undefined &&
    now.getTime() - Date.parse(updatedAt) >= sleepAfterMs * share
  );
}

/**
 * Why a preview sleeps of which nobody but its record tells, for people.
 *
 * @param sleepAfterMs as for `isIdle`
 * @returns `undefined` where it was not idle for that long before, so that somebody asked for it
 */
export function idleReason(
  { asleepAt, updatedAt }: Pick<PreviewRecord, 'asleepAt' | 'updatedAt'>,
  sleepAfterMs: number | undefined,
): string | undefined {
  const idleMs = asleepAt === undefined ? 0 : Date.parse(asleepAt) - Date.parse(updatedAt);
  return sleepAfterMs !== undefined && idleMs >= sleepAfterMs
    ? `nothing happened to it for ${durationOf(sleepAfterMs)}.`
    : undefined;
}
