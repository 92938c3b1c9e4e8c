import * as v from 'valibot';
import type { RunEvent } from '../../github/event.js';

/** What a run is about. */
export type Subject =
  /** One pull request, looked at whole; `merge` is the commit that this run is of, where it is of one. */
  | { kind: 'pull'; number: number; merge: string | undefined; head: string | undefined }
  | { kind: 'group'; base: string; head: string }
  /** The policy of every open pull request, because time or the default branch went on. */
  | { kind: 'all' }
  | { kind: 'none'; reason: string };

const pullSchema = v.object({
  action: v.optional(v.string(), ''),
  pull_request: v.object({ number: v.number(), state: v.string(), head: v.object({ sha: v.string() }) }),
});
const groupSchema = v.object({ merge_group: v.object({ base_sha: v.string(), head_sha: v.string() }) });

/** Tells from the event, unless the input names a pull request. @param sha `GITHUB_SHA` */
export function subjectOf(event: RunEvent, number: number | undefined, sha: string): Subject {
  const pull = v.safeParse(pullSchema, event.payload);
  if (number !== undefined && !(pull.success && pull.output.pull_request.number === number)) {
    return { kind: 'pull', number, merge: undefined, head: undefined };
  }
  if (pull.success && event.name !== 'pull_request_target') {
    const { pull_request: about } = pull.output;
    return about.state === 'open'
      ? { kind: 'pull', number: about.number, merge: sha, head: about.head.sha }
      : { kind: 'none', reason: `Pull request ${about.number} is closed.` };
  }
  const group = v.safeParse(groupSchema, event.payload);
  return group.success
    ? { kind: 'group', base: group.output.merge_group.base_sha, head: group.output.merge_group.head_sha }
    : { kind: 'all' };
}
