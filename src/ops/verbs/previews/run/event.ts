import * as v from 'valibot';
import type { RunEvent } from '../../../../github/event.js';

/** The pull request that an event is about. */
export interface EventPullRequest {
  number: number;
  /** Full id of its last commit when the event took place. */
  head: string;
}

const eventSchema = v.object({
  pull_request: v.object({ number: v.number(), head: v.object({ sha: v.string() }) }),
});

/**
 * Reads the pull request of a `pull_request` or `pull_request_target` event.
 *
 * @returns `undefined` for any other event
 */
export function eventPullRequest({ payload }: RunEvent): EventPullRequest | undefined {
  const parsed = v.safeParse(eventSchema, payload);
  return parsed.success
    ? { number: parsed.output.pull_request.number, head: parsed.output.pull_request.head.sha }
    : undefined;
}

/**
 * The id of a workflow run as a preview's subject: `1234`, or `1234-2` in its second attempt.
 *
 * @param attempt `GITHUB_RUN_ATTEMPT`
 */
export function runSubject(runId: string, attempt: string | undefined): string {
  return attempt === undefined || attempt === '' || attempt === '1' ? runId : `${runId}-${attempt}`;
}
