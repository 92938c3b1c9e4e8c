import * as v from 'valibot';
import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { repositoryReader } from '../../../github/repository-reader.js';
import { settle } from '../../../github/settle.js';
import { operationIn } from '../../../github/try-operation.js';
import { REVERTS } from '../../judgement/own-work.js';
import { openFresh } from '../../pull-requests/open-fresh.js';
import { listPullRequests } from '../../repository/list-pull-requests.js';
import type { Change } from '../../tree/change.js';

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

function openPull(ops: Connected, branch: string, revert: Revert): Promise<number | undefined> {
  const { oid, onto, base, change, title, body } = revert;
  const message = { headline: title, body: `It takes ${oid} back.` };
  return openFresh(ops, 'AuditRevert', { branch, base, onto, change, message, title, body });
}
