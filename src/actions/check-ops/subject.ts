import * as v from 'valibot';
import type { RunEvent } from '../../github/event.js';

/** What a run is about. */
export type Subject =
  /**
   * One pull request, its files included. `merge` is the merge commit that this run is for, `head` the head commit that
   * it was made of; `undefined` where the run is for none.
   */
  | { kind: 'pull'; number: number; merge: string | undefined; head: string | undefined }
  /** What a merge queue is about to merge: two commits, and the number of the pull request that it adds. */
  | { kind: 'group'; base: string; head: string; number: number | undefined }
  /** The policy for every open pull request: on a schedule, or after a push to the default branch. */
  | { kind: 'all' }
  | { kind: 'none'; reason: string };

const pullSchema = v.object({
  action: v.optional(v.string(), ''),
  pull_request: v.object({ number: v.number(), state: v.string(), head: v.object({ sha: v.string() }) }),
});
const groupSchema = v.object({
  merge_group: v.object({ base_sha: v.string(), head_sha: v.string(), head_ref: v.optional(v.string(), '') }),
});

/**
 * What a run is about, from its event.
 *
 * @param number the pull request that the input names, which then is the subject
 * @param sha `GITHUB_SHA`
 */
export function subjectOf(event: RunEvent, number: number | undefined, sha: string): Subject {
  const pull = v.safeParse(pullSchema, event.payload);
  if (number !== undefined && !(pull.success && pull.output.pull_request.number === number)) {
    return { kind: 'pull', number, merge: undefined, head: undefined };
  }
  if (pull.success && event.name !== 'pull_request_target') {
    const { action, pull_request: about } = pull.output;
    // After an edit of the base, the merge of this run may still be into the base from before.
    const merge = action === 'edited' ? undefined : sha;
    return about.state === 'open'
      ? { kind: 'pull', number: about.number, merge, head: about.head.sha }
      : { kind: 'none', reason: `Pull request ${about.number} is closed.` };
  }
  const group = v.safeParse(groupSchema, event.payload);
  if (!group.success) {
    return { kind: 'all' };
  }
  const { base_sha: base, head_sha: head, head_ref: ref } = group.output.merge_group;
  // refs/heads/gh-readonly-queue/main/pr-104-b9ca…
  const queued = /\/pr-(\d+)-[0-9a-f]{40,64}$/.exec(ref)?.[1];
  return { kind: 'group', base, head, number: queued === undefined ? undefined : Number(queued) };
}
