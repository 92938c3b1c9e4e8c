import * as v from 'valibot';
import { HOLDS_FILE } from '../policy/holds.js';
import type { RepositoryState } from '../repository/repository-state.js';

const HOLDS = `file(path: "${HOLDS_FILE}") { object { ... on Blob { text } } }`;

const holdsSchema = v.object({
  file: v.nullable(v.object({ object: v.nullable(v.object({ text: v.nullish(v.string()) })) })),
});

/**
 * Selection on a pull request: the holds as they are where it landed. The merge commit is what the base became by the
 * merge, with a rebase the last of its commits. GitHub pins a merge to the head, never to the base: what came to the base
 * since it was looked at is known only so.
 *
 * @see https://docs.github.com/graphql/reference/objects#pullrequest
 */
export const LANDED = `mergeCommit { ${HOLDS} }`;

/** What `LANDED` gives; nothing before the merge. */
export const landedFields = {
  mergeCommit: v.nullable(holdsSchema),
};

type Landed = v.InferOutput<v.ObjectSchema<typeof landedFields, undefined>>;

const payloadSchema = v.object({ pullRequest: v.nullable(v.object(landedFields)) });

/** The merged pull request in a mutation's payload. */
export function landedIn(payload: unknown): Landed | undefined {
  const parsed = v.safeParse(payloadSchema, payload);
  return parsed.success ? (parsed.output.pullRequest ?? undefined) : undefined;
}

/**
 * Whether other holds were on where a pull request landed than those it was decided by, so that it may stand beside one;
 * also where nobody can tell.
 */
export function landedElsewhere(
  landed: Landed | undefined,
  { holdsText }: Pick<RepositoryState, 'holdsText'>,
): boolean {
  const commit = landed?.mergeCommit;
  if (commit === undefined || commit === null) {
    return true;
  }
  return differs(commit, holdsText);
}

function differs({ file }: v.InferOutput<typeof holdsSchema>, holdsText: string | undefined): boolean {
  return file === null ? holdsText !== undefined : file.object?.text !== holdsText;
}

/** Selection on a pull request that waits to be merged: the holds as they are on its base by now. */
export const WAITS = `baseRef { target { ... on Commit { ${HOLDS} } } }`;

/** What `WAITS` gives. */
export const waitsFields = {
  baseRef: v.nullable(v.object({ target: v.nullable(holdsSchema) })),
};

type Waits = v.InferOutput<v.ObjectSchema<typeof waitsFields, undefined>>;

const waitsPayloadSchema = v.object({ pullRequest: v.object(waitsFields) });

/** The waiting pull request in a mutation's payload. */
export function waitsIn(payload: unknown): Waits | undefined {
  const parsed = v.safeParse(waitsPayloadSchema, payload);
  return parsed.success ? parsed.output.pullRequest : undefined;
}

/** Whether it is known that by now other holds are on than those that a pull request was decided by. */
export function waitsElsewhere(waits: Waits | undefined, { holdsText }: Pick<RepositoryState, 'holdsText'>): boolean {
  const commit = waits?.baseRef?.target ?? undefined;
  return commit !== undefined && differs(commit, holdsText);
}
