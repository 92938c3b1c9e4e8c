import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt, explain } from '../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../github/failure.js';
import { GraphqlErrors, isStale } from '../../github/graphql-error.js';
import { runMutations } from '../../github/mutations.js';
import { isRule } from '../../github/rule-refusal.js';
import type { CommitMessage } from './change.js';

/** An entry of a tree that is to be made: an object that is there, by its id, or the text of a new file. */
export type TreeItem =
  | { path: string; mode: string; type: string; sha: string }
  | { path: string; mode: '100644'; type: 'blob'; content: string };

/** What a tree has otherwise than the one that it is made from; `sha: null` takes a file away. */
export type TreeEdit = TreeItem | { path: string; mode: '100644'; type: 'blob'; sha: null };

/** How a write went: the full id of the commit, why everything is to be read again, or which rule refuses it. */
export type Written = { oid: string } | { reason: string } | { refused: string };

/** A branch as it was read. */
export interface BranchTip {
  /** The repository's id in GraphQL. */
  repositoryId: string;
  /** Without `refs/heads/`. */
  branch: string;
  /** Full id of its commit; `undefined` where there is no such branch. */
  head: string | undefined;
  /** Name of the mutation, which GitHub's logs and ours show. */
  operation: string;
}

const NO_OID = '0'.repeat(40);
const shaSchema = v.object({ sha: v.string() });
const modeSchema = v.picklist(['100644', '100755', '040000', '160000', '120000']);
const typeSchema = v.picklist(['blob', 'tree', 'commit']);

/** Letters of new files in one request: GitHub gives a larger one up. */
const MOST_LETTERS = 2_000_000;

/**
 * Makes a tree, in several steps where there is much text.
 *
 * @param base the tree that it differs from; without one it has the items and no more
 * @returns its id
 * @throws what a failed request throws
 * @see https://docs.github.com/rest/git/trees#create-a-tree
 */
export async function makeTree(
  { github, repository }: Connected,
  items: readonly TreeEdit[],
  base?: string,
): Promise<string> {
  let tree = base;
  for (const part of inParts(items)) {
    const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/git/trees', {
      ...{ owner: repository.owner, repo: repository.name },
      ...(tree === undefined ? {} : { base_tree: tree }),
      // The types of the description leave out what the field `mode` may be as a text.
      tree: part.map((item) => ({
        ...item,
        mode: v.parse(modeSchema, item.mode),
        type: v.parse(typeSchema, item.type),
      })),
    });
    tree = v.parse(shaSchema, data).sha;
  }
  if (tree === undefined) {
    throw new Error('A tree of nothing cannot be made.');
  }
  return tree;
}

function inParts(items: readonly TreeEdit[]): TreeEdit[][] {
  const parts: TreeEdit[][] = [];
  let letters = MOST_LETTERS;
  for (const item of items) {
    const own = 'content' in item ? item.content.length : item.path.length;
    if (letters + own > MOST_LETTERS) {
      parts.push([]);
      letters = 0;
    }
    parts.at(-1)?.push(item);
    letters += own;
  }
  return parts;
}

/**
 * Commits a tree to a branch, which is made where it is missing. The commit has no author of ours, so GitHub signs it. Nothing
 * moves unless the branch is where it was read.
 *
 * @param tree makes the tree, and gives its id
 * @param parents of the commit; by default the branch's own head
 * @throws Error for people when GitHub fails
 * @see https://docs.github.com/graphql/reference/mutations#updaterefs
 */
export async function commitTree(
  to: Connected,
  { repositoryId, branch, head, operation: name }: BranchTip,
  tree: () => Promise<string>,
  { headline, body }: CommitMessage,
  parents: readonly string[] = head === undefined ? [] : [head],
): Promise<Written> {
  const operation = { doing: `write the branch ${branch}`, repository: nameOf(to), permission: 'contents: write' };
  const commit = await attempt(operation, async () =>
    makeCommit(to, { message: body === '' ? headline : `${headline}\n\n${body}`, tree: await tree(), parents }),
  );
  const update = { name: `refs/heads/${branch}`, beforeOid: head ?? NO_OID, afterOid: commit };
  try {
    const { errors } = await runMutations(to.github, name, [
      {
        ...{ alias: 'move', name: 'updateRefs', select: 'clientMutationId' },
        // A branch that is built anew, on other parents, is moved; the lease says what it may lose.
        input: { repositoryId, refUpdates: [{ ...update, force: head !== undefined && !parents.includes(head) }] },
      },
    ]);
    const [error] = errors;
    if (error === undefined) {
      return { oid: commit };
    }
    if (isStale(error)) {
      return { reason: error.message };
    }
    if (isRule(error.message)) {
      return { refused: error.message };
    }
    throw new GraphqlErrors([error]);
  } catch (error) {
    // GitHub says "something went wrong" of a branch that has moved, too, and an answer may be lost: reading tells.
    const failure = readFailure(error);
    if (failure !== undefined && mayHaveTakenEffect(failure)) {
      return { reason: failure.message };
    }
    throw explain(error, operation);
  }
}

async function makeCommit(
  { github, repository }: Connected,
  { parents, ...commit }: { message: string; tree: string; parents: readonly string[] },
): Promise<string> {
  const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/git/commits', {
    ...{ owner: repository.owner, repo: repository.name },
    ...{ ...commit, parents: [...parents] },
  });
  return data.sha;
}

const LONGEST_PAUSE_MS = 2000;

/** Waits before another attempt: at random, and up to twice as long each time. */
export function pauseBefore(attempts: number, longestFirstMs = 100): Promise<void> {
  return sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, longestFirstMs * 2 ** Math.min(attempts - 1, 9)));
}
