import * as v from 'valibot';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import type { Change, CommitMessage } from './change.js';

/** Where a commit goes. */
export interface CommitTarget {
  /** `owner/name`. */
  repository: string;
  /** Branch without `refs/heads/`. */
  branch: string;
  /** The compare-and-swap: the commit is refused unless the branch is at this one. */
  expectedHeadOid: string;
}

/**
 * A Change as a mutation. GitHub signs such commits and takes the token's actor as their author; files are written with
 * mode 100644 only.
 *
 * @see https://docs.github.com/graphql/reference/mutations#createcommitonbranch
 */
export function commitMutation(alias: string, target: CommitTarget, change: Change, message: CommitMessage): Mutation {
  const deletions = change.deletions ?? [];
  return {
    alias,
    name: 'createCommitOnBranch',
    input: {
      branch: { repositoryNameWithOwner: target.repository, branchName: target.branch },
      expectedHeadOid: target.expectedHeadOid,
      message: { headline: message.headline, body: message.body },
      fileChanges: {
        additions: [...change.files].map(([path, text]) => ({ path, contents: Buffer.from(text).toString('base64') })),
        ...(deletions.length === 0 ? {} : { deletions: deletions.map((path) => ({ path })) }),
      },
    },
    select: 'commit { oid }',
  };
}

const payloadSchema = v.object({ commit: v.nullable(v.object({ oid: v.string() })) });

/** Id of the commit that the mutation made, `undefined` where it failed. */
export function committedOid(results: MutationResults, alias: string): string | undefined {
  return results.payload(alias, payloadSchema)?.commit?.oid;
}
