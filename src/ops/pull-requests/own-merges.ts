import * as v from 'valibot';

/** Selection on a merged pull request: its merge commit, and what that stands on. */
export const MERGE_COMMIT = 'mergeCommit { oid parents(first: 1) { nodes { oid } } }';

const mergedSchema = v.object({
  pullRequest: v.object({
    mergeCommit: v.object({
      oid: v.string(),
      parents: v.object({ nodes: v.array(v.object({ oid: v.string() })) }),
    }),
  }),
});

/**
 * Takes a merge of this run into the commits that the base is known to be at, where it stands right on one of them. Without
 * that, what a run merges itself would look like somebody else's doing, and all that is left would be read again.
 *
 * @param payload what GitHub says of the merge
 */
export function noteOwnMerge(bases: Set<string>, payload: unknown): void {
  const parsed = v.safeParse(mergedSchema, payload);
  if (!parsed.success) {
    return;
  }
  const { oid, parents } = parsed.output.pullRequest.mergeCommit;
  const [parent] = parents.nodes;
  if (parent !== undefined && bases.has(parent.oid)) {
    bases.add(oid);
  }
}
