import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { askServer } from '../git/ask-server.js';
import type { Git } from '../git/git.js';
import { checkOutModules, forgetModules } from './modules.js';

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
 * Modules and contents of Git LFS are there where this checkout has its own.
 *
 * @throws Error when neither the clone nor the server has the commit, or the commit of a module
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
  const filters = (await hasLargeFiles(git)) ? [] : NO_LARGE_FILES;
  await git.read([...filters, 'worktree', 'add', '--force', '--detach', root, revision]);
  try {
    await checkOutModules(git, { main: git.cwd, folder: root });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Commit ${revision} is to be built, and ${reason}`);
  }
  return readCheckout(git, root);
}

/** What keeps pointers of Git LFS as they are, where the machine's settings would fetch the content. */
const NO_LARGE_FILES = ['smudge=', 'process=', 'required=false'].flatMap((setting) => ['-c', `filter.lfs.${setting}`]);

/** Whether the checkout was made with Git LFS: its own settings, not the machine's, then say so. */
async function hasLargeFiles(git: Git): Promise<boolean> {
  return (await git.run(['config', '--local', '--get-regexp', '^filter\\.lfs\\.(process|smudge)$'])).ok;
}

/** Removes a work tree, and what the checkout and its modules know of it. */
export async function leaveCheckout(git: Git, { root }: Checkout): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await git.run(['worktree', 'prune']);
  await forgetModules(git, git.cwd);
}
