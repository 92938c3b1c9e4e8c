import * as v from 'valibot';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import type { Change, CommitMessage } from './change.js';

/** The branch that a commit is made on. */
export interface CommitTarget {
  /** `owner/name`. */
  repository: string;
  /** Name of the branch, without `refs/heads/`. */
  branch: string;
  /** Compare-and-swap: GitHub refuses the commit unless the head of the branch is this one. */
  expectedHeadOid: string;
}

/**
 * The mutation that commits a Change. GitHub signs such commits, and their author is the actor of the token. All files
 * get mode 100644.
 *
 * @param alias name of the mutation among several of one request
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

/** Id of the commit that the mutation made; `undefined` where it failed. */
export function committedOid(results: MutationResults, alias: string): string | undefined {
  return results.payload(alias, payloadSchema)?.commit?.oid;
}
