import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { GitHub } from '../../../../github/client.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt, explain } from '../../../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../../../github/failure.js';
import { GraphqlErrors, isStale } from '../../../../github/graphql-error.js';
import { runMutations } from '../../../../github/mutations.js';
import { isRule } from '../../../../github/rule-refusal.js';
import type { CommitMessage } from '../../../tree/change.js';
import type { PreviewsState } from './read-state.js';
import { rootItems, type TreeItem } from './tree-items.js';

/** How a write went: the full id of the commit, or why everything is to be read again. */
export type Written = { oid: string } | { reason: string };

const NO_OID = '0'.repeat(40);
const shaSchema = v.object({ sha: v.string() });

/**
 * Writes a commit to the branch of previews, which is made where it is missing: two trees, a commit and the move of the branch,
 * whatever the size of the repository. The commit has no author of ours, so GitHub signs it, and its parent is the branch's
 * last commit, never one of the deployed branch. Nothing moves unless the branch is where it was read.
 *
 * @param previews the tree `previews/`; `undefined` where it stays as it is
 * @throws Error for people when GitHub refuses it
 * @see https://docs.github.com/graphql/reference/mutations#updaterefs
 */
export async function writeBranch(
  ops: Connected,
  state: PreviewsState,
  previews: readonly TreeItem[] | undefined,
  { headline, body }: CommitMessage,
  repositoryId: string,
): Promise<Written> {
  const { branch } = state;
  const operation = {
    doing: `write the branch ${branch.name}`,
    repository: nameOf(ops),
    permission: 'contents: write',
  };
  const commit = await attempt(operation, async () => {
    const own = previews === undefined ? ownTree(state) : await makeTree(ops, previews);
    const tree = await makeTree(ops, rootItems(state, own));
    const parents = branch.head === undefined ? [] : [branch.head];
    return makeCommit(ops, { message: body === '' ? headline : `${headline}\n\n${body}`, tree, parents });
  });
  try {
    const error = await moveBranch(ops.github, repositoryId, branch.name, branch.head ?? NO_OID, commit);
    if (error === undefined) {
      return { oid: commit };
    }
    if (isStale(error)) {
      return { reason: error.message };
    }
    throw isRule(error.message) ? refusedByRules(error.message, branch.name, nameOf(ops)) : new GraphqlErrors([error]);
  } catch (error) {
    // GitHub says "something went wrong" of a branch that has moved, too, and an answer may be lost: reading tells.
    const failure = readFailure(error);
    if (failure !== undefined && mayHaveTakenEffect(failure)) {
      return { reason: failure.message };
    }
    throw explain(error, operation);
  }
}

function refusedByRules(message: string, branch: string, repository: string): Error {
  return new Error(
    `The rules of ${repository} let this App not write the branch ${branch}: ${message}. Expected an App that may write ` +
      'it; with the gate, that is the ops App, in the workflow preview-requests.yml of the ops repository, which sweeps, too.',
  );
}

function ownTree({ branch }: PreviewsState): string {
  const own = branch.root.find(({ name }) => name === 'previews');
  if (own === undefined) {
    throw new Error(`The branch ${branch.name} has no folder "previews".`);
  }
  return own.oid;
}

async function makeTree({ github, repository }: Connected, tree: readonly TreeItem[]): Promise<string> {
  const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/git/trees', {
    ...{ owner: repository.owner, repo: repository.name },
    // The types of the description leave out what the field `mode` may be as a text.
    tree: tree.map((item) => ({ ...item, mode: v.parse(modeSchema, item.mode), type: v.parse(typeSchema, item.type) })),
  });
  return v.parse(shaSchema, data).sha;
}

const modeSchema = v.picklist(['100644', '100755', '040000', '160000', '120000']);
const typeSchema = v.picklist(['blob', 'tree', 'commit']);

async function makeCommit(
  { github, repository }: Connected,
  commit: { message: string; tree: string; parents: string[] },
): Promise<string> {
  const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/git/commits', {
    ...{ owner: repository.owner, repo: repository.name },
    ...commit,
  });
  return data.sha;
}

async function moveBranch(github: GitHub, repositoryId: string, name: string, beforeOid: string, afterOid: string) {
  const results = await runMutations(github, 'CommitPreviews', [
    {
      alias: 'move',
      name: 'updateRefs',
      input: { repositoryId, refUpdates: [{ name: `refs/heads/${name}`, beforeOid, afterOid, force: false }] },
      select: 'clientMutationId',
    },
  ]);
  return results.errors[0];
}

const LONGEST_PAUSE_MS = 2000;

/** Waits before another attempt: at random, and up to twice as long each time. */
export function pauseBefore(attempts: number, longestFirstMs = 100): Promise<void> {
  return sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, longestFirstMs * 2 ** Math.min(attempts - 1, 9)));
}
