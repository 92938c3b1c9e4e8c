import * as v from 'valibot';
import type { RunEvent } from '../../github/event.js';

/** The comparison that shows what a change touches. */
export type Comparison =
  /** From the merge base to `head`: the change of a branch. */
  | { kind: 'branch'; base: string; head: string; what: string }
  /** From `base` to `head`: the change of a push or a merge. */
  | { kind: 'range'; base: string; head: string; what: string }
  /** No comparison is possible, or none is wanted. */
  | { kind: 'everything'; why: string; expected: boolean };

/** The revision of the run. */
export interface RunRevision {
  /** The commit that is checked out, or `HEAD`. */
  head: string;
  /** `refs/heads/main` and the like. */
  ref: string;
  /** A commit, branch or tag to compare with, instead of what the event says. */
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
 * The comparison for an event. For an event that names no commits it is everything, never nothing.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function comparisonOf({ name, payload }: RunEvent, revision: RunRevision): Comparison {
  if (revision.base !== undefined) {
    return { kind: 'branch', base: revision.base, head: revision.head, what: `compared with ${revision.base}` };
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
      return ofDispatch(payload, revision);
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

function ofDispatch(payload: unknown, { head, ref }: RunRevision): Comparison {
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
