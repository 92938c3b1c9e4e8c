import * as v from 'valibot';
import { MERGE_WHEN_ALLOWED } from '../../policy/merge-decision.js';
import type { DuePull } from './due-pulls.js';

const target = v.nullable(v.object({ target: v.nullable(v.object({ oid: v.string() })) }));

/** A pull request, and what it goes into, as they are now. */
export const seenFields = {
  state: v.picklist(['OPEN', 'CLOSED', 'MERGED']),
  headRefOid: v.string(),
  baseRefName: v.string(),
  isDraft: v.boolean(),
  headRef: target,
  labels: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ name: v.string() })))) })),
};

/** The selection on a `PullRequest` that gives them. */
export const SEEN =
  'state headRefOid baseRefName isDraft headRef { target { oid } } labels(first: 100) { nodes { name } }';

type Seen = v.InferOutput<v.ObjectSchema<typeof seenFields, undefined>>;

/** The branch that it goes into, and its commit at which a pull request was judged. */
export interface JudgedAt {
  base: string;
  oid: string;
}

/**
 * Whether a pull request is as it was judged, and so is what it goes into. Of a push GitHub tells up to ten seconds late in the
 * pull request, and at once in its branch. GitHub finds a label however it is spelt.
 *
 * @param newest commit that this branch is at
 */
export function isAsJudged(
  seen: Seen | undefined,
  newest: string | undefined,
  { head }: Pick<DuePull, 'head'>,
  { base, oid }: JudgedAt,
): boolean {
  return (
    newest === oid &&
    seen?.state === 'OPEN' &&
    !seen.isDraft &&
    seen.baseRefName === base &&
    seen.headRefOid === head &&
    seen.headRef?.target?.oid === head &&
    (seen.labels?.nodes ?? []).some((label) => label?.name.toLowerCase() === MERGE_WHEN_ALLOWED)
  );
}
