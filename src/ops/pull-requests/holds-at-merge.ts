import * as v from 'valibot';
import { HOLDS_FILE } from '../policy/holds.js';
import type { RepositoryState } from '../repository/repository-state.js';

const HOLDS = `file(path: "${HOLDS_FILE}") { object { ... on Blob { text } } }`;

const holdsSchema = v.object({
  file: v.nullable(v.object({ object: v.nullable(v.object({ text: v.nullish(v.string()) })) })),
});

/**
 * Selection on a pull request: the holds in its merge commit, which is what the base became by the merge (with a rebase,
 * the last of its commits). GitHub pins a merge to the head, never to the base, so only this tells what had come to the base
 * since it was read.
 *
 * @see https://docs.github.com/graphql/reference/objects#pullrequest
 */
export const MERGED_HOLDS = `mergeCommit { ${HOLDS} }`;

/** What `MERGED_HOLDS` gives; nothing before the merge. */
export const mergedFields = {
  mergeCommit: v.nullable(holdsSchema),
};

type MergedPullRequest = v.InferOutput<v.ObjectSchema<typeof mergedFields, undefined>>;

/** Selection on a pull request that waits to be merged: the holds on its base by now. */
export const BASE_HOLDS = `baseRef { target { ... on Commit { ${HOLDS} } } }`;

/** What `BASE_HOLDS` gives. */
export const waitingFields = {
  baseRef: v.nullable(v.object({ target: v.nullable(holdsSchema) })),
};

type WaitingPullRequest = v.InferOutput<v.ObjectSchema<typeof waitingFields, undefined>>;

const mergedSchema = v.object({ pullRequest: v.nullable(v.object(mergedFields)) });
const onPullSchema = v.object({ pullRequest: v.nullable(v.object(waitingFields)) });
const waitingSchema = v.union([v.object({ mergeQueueEntry: v.nullable(onPullSchema) }), onPullSchema]);

/** The merged pull request in a mutation's payload; `undefined` where it is not as expected. */
export function mergedPullRequest(payload: unknown): MergedPullRequest | undefined {
  const parsed = v.safeParse(mergedSchema, payload);
  return parsed.success ? (parsed.output.pullRequest ?? undefined) : undefined;
}

/** The waiting pull request in a mutation's payload; `undefined` where it is not as expected. */
export function waitingPullRequest(payload: unknown): WaitingPullRequest | undefined {
  const parsed = v.safeParse(waitingSchema, payload);
  if (!parsed.success) {
    return undefined;
  }
  const { output } = parsed;
  return ('mergeQueueEntry' in output ? output.mergeQueueEntry : output)?.pullRequest ?? undefined;
}

type KnownHolds = Pick<RepositoryState, 'holdsText'>;

/**
 * Whether a pull request was merged onto other holds than those it was decided by, so that it may violate one. Also where
 * nobody can tell.
 */
export function holdsChangedAtMerge(merged: MergedPullRequest | undefined, { holdsText }: KnownHolds): boolean {
  const commit = merged?.mergeCommit ?? undefined;
  return commit === undefined || differs(commit, holdsText);
}

/** Whether the base of a waiting pull request is known to have other holds by now than those it was decided by. */
export function holdsChangedSince(waiting: WaitingPullRequest | undefined, { holdsText }: KnownHolds): boolean {
  const commit = waiting?.baseRef?.target ?? undefined;
  return commit !== undefined && differs(commit, holdsText);
}

function differs({ file }: v.InferOutput<typeof holdsSchema>, holdsText: string | undefined): boolean {
  return file === null ? holdsText !== undefined : file.object?.text !== holdsText;
}
