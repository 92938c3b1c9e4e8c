import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { askServer } from '../git/ask-server.js';
import type { Git } from '../git/git.js';

/** A work tree of one commit. */
export interface Checkout {
  /** Folder, absolute. */
  root: string;
  revision: string;
  /** Commit time, in seconds since 1970. */
  createdAt: number;
}

/** The commit that is checked out in a folder. */
export async function readCheckout(git: Git, root: string): Promise<Checkout> {
  const [revision = '', time = ''] = (await git.read(['-C', root, 'show', '-s', '--format=%H %ct', 'HEAD']))
    .trim()
    .split(' ');
  return { root, revision, createdAt: Number(time) };
}

/**
 * Checks a commit out into another folder: a release that an earlier run did not deliver is built from its own commit.
 *
 * @param folder parent of the new work tree; the caller removes it
 * @throws Error when neither the clone nor the server has the commit
 */
export async function checkOut(git: Git, revision: string, folder: string): Promise<Checkout> {
  const known = await git.run(['cat-file', '-e', `${revision}^{commit}`]);
  if (!known.ok) {
    const fetched = await askServer(git, ['fetch', '--no-tags', '--depth=1', git.url, revision]);
    if (!fetched.ok) {
      throw new Error(
        `Commit ${revision} is to be built, is not in this checkout, and cannot be fetched: ${fetched.problem}. ` +
          'Check the repository out with "fetch-depth: 0", or give a "token" that may read it.',
      );
    }
  }
  const root = await mkdtemp(join(folder, 'checkout-'));
  await git.read(['worktree', 'add', '--force', '--detach', root, revision]);
  return readCheckout(git, root);
}

/** Unregisters a work tree whose folder is about to be removed. */
export async function leaveCheckout(git: Git, { root }: Checkout): Promise<void> {
  await git.run(['worktree', 'remove', '--force', root]);
}

/**
 * Git's object ids of paths whose files in the work tree are exactly those of the commit.
 *
 * @param paths relative to the root; `.` is the root itself
 * @returns ids by path, or the reason why they do not identify what would be built: a path that git does not have, or
 *   files that are changed, new or ignored (an earlier step may have made them, and a build may use them)
 */
export async function readObjects(
  git: Git,
  root: string,
  paths: readonly string[],
): Promise<{ objects: Record<string, string> } | { reason: string }> {
  const unique = [...new Set(paths)].sort();
  const names = unique.map((path) => (path === '.' ? 'HEAD^{tree}' : `HEAD:${path}`));
  const ids = await git.run(['-C', root, 'rev-parse', ...names]);
  if (!ids.ok) {
    return { reason: `git does not have all of ${unique.join(', ')}` };
  }
  const literal = unique.map((path) => `:(literal)${path}`);
  const status = await git.read(['-C', root, 'status', '--porcelain', '-z', '--ignored', '--', ...literal]);
  const [first] = status.split('\0');
  if (first !== undefined && first !== '') {
    return { reason: `${first.slice(3)} is not as it is in the commit` };
  }
  const lines = ids.stdout.trim().split('\n');
  return { objects: Object.fromEntries(unique.map((path, index) => [path, lines[index] ?? ''])) };
}
