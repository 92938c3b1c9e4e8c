import * as v from 'valibot';
import { branchHead } from '../../../github/branch-head.js';
import { type Connected, nameOf } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { GraphqlErrors } from '../../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../../github/mutations.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { settle } from '../../../github/settle.js';
import { operationIn } from '../../../github/try-operation.js';
import { REVERTS } from '../../judgement/own-work.js';
import { listPullRequests } from '../../repository/list-pull-requests.js';
import type { Change } from '../../tree/change.js';
import { commitMutation } from '../../tree/commit-mutation.js';

/** A revert, and where it goes. */
export interface Revert {
  /** The commit that is taken back. */
  oid: string;
  /** Newest commit of the branch that it reached, on which it is made. */
  onto: string;
  base: string;
  /** That branch where it is not the default branch: one commit may reach several. */
  of: string | undefined;
  change: Change;
  title: string;
  body: string;
}

/** The branch on which a commit is taken back. @param of the branch that it reached, where that is not the default branch */
export function revertBranch(oid: string, of?: string): string {
  return `${REVERTS}${oid.slice(0, 12)}${of === undefined ? '' : `-into-${of}`}`;
}

const pullSchema = v.object({
  number: v.number(),
  isCrossRepository: v.boolean(),
  author: v.nullable(v.object({ __typename: v.string(), login: v.string() })),
});
const openedSchema = v.object({ pullRequest: v.object({ number: v.number() }) });

/**
 * Opens the pull request that takes a commit back, or finds it: one that the ops App opened of the commit's branch, whatever
 * became of it. What is on that branch without a pull request is what a run left that was stopped.
 *
 * @param app slug of the ops App
 * @returns its number
 * @throws Error naming the permission that the token lacks
 */
export function proposeRevert(ops: Connected, app: string, revert: Revert): Promise<number> {
  const branch = revertBranch(revert.oid, revert.of);
  const permission = 'contents: write" and "pull-requests: write';
  return attempt(operationIn(ops.repository, `propose to take back ${revert.oid}`, permission), () =>
    settle(
      () => findPull(ops, app, branch, revert.base),
      () => openPull(ops, branch, revert),
    ),
  );
}

async function findPull(ops: Connected, app: string, branch: string, base: string): Promise<number | undefined> {
  const reader = repositoryReader(ops.github, ops.repository, 'AuditReverts');
  const filter = { states: ['OPEN', 'CLOSED', 'MERGED'], base, branch, order: 'oldest first', pageSize: 20 } as const;
  const selection = 'number isCrossRepository author { __typename login }';
  for await (const pulls of listPullRequests(reader, `the pull requests of ${branch}`, filter, selection, pullSchema)) {
    const own = pulls.find(
      ({ isCrossRepository, author }) => !isCrossRepository && author?.__typename === 'Bot' && author.login === app,
    );
    if (own !== undefined) {
      return own.number;
    }
  }
  return undefined;
}

async function openPull(ops: Connected, branch: string, revert: Revert): Promise<number | undefined> {
  const reader = repositoryReader(ops.github, ops.repository, 'AuditBranch');
  const [repositoryId, left] = await Promise.all([
    reader.load({ text: () => 'id', schema: v.string() }),
    branchHead(reader, branch),
  ]);
  const { onto, base, change, title, body } = revert;
  const target = { repository: nameOf(ops), branch, expectedHeadOid: onto };
  const results = await runMutations(ops.github, 'AuditRevert', [
    placeBranch(repositoryId, branch, left, onto),
    commitMutation('commit', target, change, { headline: title, body: `It takes ${revert.oid} back.` }),
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

/** Puts the branch where the revert begins. */
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
