import * as v from 'valibot';
import { branchHead } from '../../github/branch-head.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { GraphqlErrors } from '../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../github/mutations.js';
import { repositoryReader } from '../../github/repository-reader.js';
import type { Change, CommitMessage } from '../tree/change.js';
import { commitMutation } from '../tree/commit-mutation.js';

/** A pull request of one commit, from a branch that is nobody else's. */
export interface FreshPull {
  branch: string;
  /** The branch that it goes into, and its newest commit, on which the commit is made. */
  base: string;
  onto: string;
  change: Change;
  message: CommitMessage;
  title: string;
  body: string;
}

const openedSchema = v.object({ pullRequest: v.object({ number: v.number() }) });

/**
 * Opens a pull request of a branch that has none open: whatever a run that was stopped left on the branch is taken off it.
 *
 * @param operation what GitHub's log calls it
 * @returns its number; `undefined` where GitHub does not tell it
 * @throws GraphqlErrors where GitHub refuses
 */
export async function openFresh(to: Connected, operation: string, fresh: FreshPull): Promise<number | undefined> {
  const { branch, base, onto, change, message, title, body } = fresh;
  const reader = repositoryReader(to.github, to.repository, `${operation}Branch`);
  const [repositoryId, left] = await Promise.all([
    reader.load({ text: () => 'id', schema: v.string() }),
    branchHead(reader, branch),
  ]);
  const target = { repository: nameOf(to), branch, expectedHeadOid: onto };
  const results = await runMutations(to.github, operation, [
    placeBranch(repositoryId, branch, left, onto),
    commitMutation('commit', target, change, message),
    {
      ...{ alias: 'open', name: 'createPullRequest', select: 'pullRequest { number }' },
      input: { repositoryId, baseRefName: base, headRefName: branch, title, body },
    },
  ]);
  if (results.errors.length > 0) {
    throw new GraphqlErrors([...results.errors]);
  }
  return results.payload('open', openedSchema)?.pullRequest.number;
}

/** Puts the branch where its commit begins. */
function placeBranch(repositoryId: string, branch: string, left: string | undefined, onto: string): Mutation {
  const name = `refs/heads/${branch}`;
  const update = { name, beforeOid: left, afterOid: onto, force: true };
  return left === undefined
    ? { alias: 'branch', name: 'createRef', input: { repositoryId, name, oid: onto }, select: 'ref { id }' }
    : {
        ...{ alias: 'branch', name: 'updateRefs', select: 'clientMutationId' },
        input: { repositoryId, refUpdates: [update] },
      };
}
