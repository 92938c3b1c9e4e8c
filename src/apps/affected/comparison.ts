import * as v from 'valibot';
import type { RunEvent } from '../../github/event.js';

/** What to compare to learn what a change touches. */
export type Comparison =
  /** From where the two parted to `head`: what a branch brings. */
  | { kind: 'branch'; base: string; head: string; what: string }
  /** From `base` to `head` as they are: what a push or a merge brings. */
  | { kind: 'range'; base: string; head: string; what: string }
  /** Nothing can be compared, or nothing should be. */
  | { kind: 'everything'; why: string; expected: boolean };

/** Where the run is. */
export interface Here {
  /** The commit that is checked out, or `HEAD`. */
  head: string;
  /** `refs/heads/main` and the like. */
  ref: string;
  /** A commit, branch or tag to compare with, whatever the event says. */
  base?: string | undefined;
}

const commit = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/));

const pullRequest = v.object({
  pull_request: v.object({
    number: v.number(),
    base: v.object({ sha: commit, ref: v.string() }),
    head: v.object({ sha: commit }),
  }),
});
const push = v.object({ before: commit, after: commit, forced: v.optional(v.boolean(), false) });
const mergeGroup = v.object({ merge_group: v.object({ base_sha: commit, head_sha: commit }) });
const repository = v.object({ repository: v.object({ default_branch: v.pipe(v.string(), v.nonEmpty()) }) });

/**
 * Says what an event is to be compared with. An event that does not tell means everything, never nothing.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function comparisonOf({ name, payload }: RunEvent, here: Here): Comparison {
  if (here.base !== undefined) {
    return { kind: 'branch', base: here.base, head: here.head, what: `compared with ${here.base}` };
  }
  switch (name) {
    case 'pull_request':
    case 'pull_request_target':
    case 'pull_request_review':
      return ofPullRequest(payload);
    case 'push':
      return ofPush(payload);
    case 'merge_group':
      return ofMergeGroup(payload);
    case 'workflow_dispatch':
      return ofDispatch(payload, here);
    default:
      return everything(`the event "${name}" is about no change`, true);
  }
}

function ofPullRequest(payload: unknown): Comparison {
  const parsed = v.safeParse(pullRequest, payload);
  if (!parsed.success) {
    return malformed('pull_request', parsed.issues);
  }
  const { number, base, head } = parsed.output.pull_request;
  return { kind: 'branch', base: base.sha, head: head.sha, what: `pull request #${number} into ${base.ref}` };
}

function ofPush(payload: unknown): Comparison {
  const parsed = v.safeParse(push, payload);
  if (!parsed.success) {
    return malformed('push', parsed.issues);
  }
  const { before, after, forced } = parsed.output;
  if (/^0+$/.test(before)) {
    return everything('the push made the branch or tag, so there is no commit before it to compare with', false);
  }
  if (forced) {
    return everything('the push was forced, so what it replaced says little about what it brings', false);
  }
  return { kind: 'range', base: before, head: after, what: `push of ${before.slice(0, 7)}..${after.slice(0, 7)}` };
}

function ofMergeGroup(payload: unknown): Comparison {
  const parsed = v.safeParse(mergeGroup, payload);
  if (!parsed.success) {
    return malformed('merge_group', parsed.issues);
  }
  const { base_sha: base, head_sha: head } = parsed.output.merge_group;
  return { kind: 'range', base, head, what: `merge group on ${base.slice(0, 7)}` };
}

function ofDispatch(payload: unknown, { head, ref }: Here): Comparison {
  const parsed = v.safeParse(repository, payload);
  if (!parsed.success) {
    return malformed('workflow_dispatch', parsed.issues);
  }
  const branch = parsed.output.repository.default_branch;
  if (ref === `refs/heads/${branch}`) {
    return everything(`the run was started by hand on ${branch}`, true);
  }
  return { kind: 'branch', base: `refs/heads/${branch}`, head, what: `compared with ${branch}` };
}

function everything(why: string, expected: boolean): Comparison {
  return { kind: 'everything', why, expected };
}

function malformed(event: string, issues: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): Comparison {
  const place = v.getDotPath(issues[0]) ?? 'its payload';
  return everything(`the ${event} event does not say what to compare: ${place} is missing or malformed`, false);
}
