import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { askServer } from '../../../git/ask-server.js';
import { fetchCommits } from '../../../git/commits.js';
import { type Git, openGit } from '../../../git/git.js';
import type { Place } from '../../policy/places.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { workTree } from '../../tree/work-tree.js';

/** One of the two sides of a change, on disk. */
export interface Side {
  oid: string;
  /** Absolute path of its files. */
  root: string;
  tree: TreeReader;
  /** Paths of all its files. */
  paths: readonly string[];
}

/** The files of a repository before and after a change. */
export interface Comparison {
  base: Side;
  head: Side;
  /** Paths in which the two differ. */
  changed: ReadonlySet<string>;
  /** Where the environments live that they are of; missing for the default branch. */
  place?: Place;
}

/** Which commits to compare: a merge of a change into its base, or two commits. */
export type Range =
  /** `expectedHead` is the second parent that the merge has to have. */
  { merge: string; expectedHead: string | undefined } | { base: string; head: string };

/** Where to fetch from, and with what. */
export interface Remote {
  serverUrl: string;
  /** `owner/name`. */
  repository: string;
  token: string;
}

/**
 * Fetches the two sides of a change without their history into a repository of its own, and writes their files. Needs no
 * checkout, and nothing from a fork: GitHub's merge of the pull request has all of it.
 *
 * @param scratch an empty folder
 * @returns `undefined` where GitHub has no merge of the expected head yet, or it conflicts with its base
 * @throws Error with git's message where the commits cannot be fetched
 */
export async function fetchComparison(remote: Remote, range: Range, scratch: string): Promise<Comparison | undefined> {
  const git = openGit({ cwd: scratch, ...remote });
  await git.read(['init', '--quiet', '--bare', join(scratch, 'git')]);
  const inside = openGit({ cwd: join(scratch, 'git'), ...remote });
  const pair = await fetchPair(inside, range);
  if (pair === undefined) {
    return undefined;
  }
  const base = await writeSide(inside, pair.base, join(scratch, 'base'));
  const head = await writeSide(inside, pair.head, join(scratch, 'head'));
  const changed = await inside.read(['diff', '--name-only', '--no-renames', '-z', pair.base, pair.head]);
  return { base, head, changed: new Set(split(changed)) };
}

async function fetchPair(git: Git, range: Range): Promise<{ base: string; head: string } | undefined> {
  if ('base' in range) {
    await fetchOrThrow(git, ['--depth=1', git.url, range.base, range.head]);
    return range;
  }
  const isRef = range.merge.startsWith('refs/');
  const fetched = await fetchCommits(git, [
    '--depth=2',
    git.url,
    isRef ? `+${range.merge}:refs/ostack/merge` : range.merge,
  ]);
  if (!fetched.ok) {
    if (isRef && (await isNoRef(git, range.merge))) {
      return undefined;
    }
    throw cannotFetch(range.merge, git, fetched.problem);
  }
  const parents = await git.read(['rev-list', '--parents', '--max-count=1', isRef ? 'refs/ostack/merge' : range.merge]);
  const [merge = '', base, head] = parents.trim().split(' ');
  const isIt = base !== undefined && head !== undefined && (range.expectedHead ?? head) === head;
  return isIt ? { base, head: merge } : undefined;
}

/** Whether the server answers, and does not have the ref. */
async function isNoRef(git: Git, ref: string): Promise<boolean> {
  const answer = await askServer(git, ['ls-remote', git.url, ref]);
  return answer.ok && answer.stdout.trim() === '';
}

async function fetchOrThrow(git: Git, args: readonly string[]): Promise<void> {
  const fetched = await fetchCommits(git, args);
  if (!fetched.ok) {
    throw cannotFetch('commits', git, fetched.problem);
  }
}

async function writeSide(git: Git, oid: string, root: string): Promise<Side> {
  await mkdir(root);
  const paths = split(await git.read(['ls-tree', '-r', '-z', '--name-only', oid]));
  if (paths.length > 0) {
    await git.read(['-c', 'core.bare=false', `--work-tree=${root}`, 'checkout', '--quiet', '--force', oid, '--', '.']);
  }
  return { oid, root, tree: workTree(root), paths };
}

function split(text: string): string[] {
  return text.split('\0').filter((path) => path !== '');
}

function cannotFetch(what: string, git: Git, problem: string): Error {
  return new Error(
    `Could not fetch ${what} from ${git.url}: ${problem}. The token needs "contents: read" for this repository: grant it ` +
      'under "permissions:" of the job, or run it again where it has that.',
  );
}
