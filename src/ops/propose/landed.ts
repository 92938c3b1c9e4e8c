import * as v from 'valibot';
import { HOLDS_FILE } from '../holds.js';
import type { Opening } from '../opening.js';

/**
 * Selection on a pull request: the holds as they are where it landed. The merge commit is what the base became by the
 * merge, with a rebase the last of its commits. GitHub pins a merge to the head, never to the base: what came to the base
 * since it was looked at is known only so.
 *
 * @see https://docs.github.com/graphql/reference/objects#pullrequest
 */
export const LANDED = `mergeCommit { file(path: "${HOLDS_FILE}") { object { ... on Blob { text } } } }`;

/** What `LANDED` gives; nothing before the merge. */
export const landedFields = {
  mergeCommit: v.nullable(
    v.object({ file: v.nullable(v.object({ object: v.nullable(v.object({ text: v.nullish(v.string()) })) })) }),
  ),
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
export function landedElsewhere(landed: Landed | undefined, { holdsText }: Pick<Opening, 'holdsText'>): boolean {
  const commit = landed?.mergeCommit;
  if (commit === undefined || commit === null) {
    return true;
  }
  const { file } = commit;
  return file === null ? holdsText !== undefined : file.object?.text !== holdsText;
}
