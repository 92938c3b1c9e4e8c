import { utc } from '../../../../report/time.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import type { Decision } from '../plan/decision.js';
import { idleReason } from '../plan/idle.js';

/** How far a preview has come. A `reason` is for people: one sentence or more, with a full stop. */
export type PreviewStatus =
  | { stage: 'queued'; position: number; limit: number }
  /** Its files are committed, and no run waits for it. */
  | { stage: 'deploying' }
  /** A run waits for the cluster to apply it. */
  | { stage: 'rolling out' }
  /** The cluster has applied it; a run waits for its addresses to answer. */
  | { stage: 'probing' }
  | { stage: 'live' }
  /** Scaled to zero. `since` is ISO 8601. */
  | { stage: 'asleep'; since: string; reason: string }
  | { stage: 'failed'; reason: string }
  | { stage: 'removed'; reason: string };

export type PreviewStage = PreviewStatus['stage'];

export const STAGES: readonly PreviewStage[] = [
  'queued',
  'deploying',
  'rolling out',
  'probing',
  'live',
  'asleep',
  'failed',
  'removed',
];

/** The status of a preview right after a decision, before anybody waits for it. */
export function statusOf(
  { action, state, reason, position, record }: Decision,
  { limit, sleepAfterMs }: Pick<PreviewPolicy, 'limit' | 'sleepAfterMs'>,
): PreviewStatus {
  if (action === 'failed') {
    return { stage: 'failed', reason };
  }
  if (state === 'gone') {
    return { stage: 'removed', reason };
  }
  if (state === 'active' && record?.asleepAt !== undefined) {
    // The run that put it to sleep may have been stopped before it told why.
    const why = action === 'slept' ? reason : (idleReason(record, sleepAfterMs) ?? '');
    return { stage: 'asleep', since: record.asleepAt, reason: why };
  }
  return state === 'queued' ? { stage: 'queued', position: position ?? 1, limit } : { stage: 'deploying' };
}

/** A status in one line without Markdown, for logs and deployments. */
export function statusLine(status: PreviewStatus): string {
  switch (status.stage) {
    case 'queued':
      return `queued at position ${status.position} (limit ${status.limit})`;
    case 'asleep':
      return `asleep since ${utc(new Date(status.since))}`;
    case 'failed':
    case 'removed':
      return `${status.stage}: ${status.reason}`;
    default:
      return status.stage;
  }
}
