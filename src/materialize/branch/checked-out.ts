import { type Git, openGit } from '../../git/git.js';
import { firstFew } from '../../report/first-few.js';

/** The commit that is checked out, of which what is rendered is made. */
export interface CheckedOut {
  /** Full id. */
  commit: string;
  /** Name of the branch; empty where none is checked out. */
  branch: string;
}

/** Most paths that a message names. */
const MOST = 5;

/**
 * Reads which commit is checked out. What is rendered to a branch is what that commit comes to: a file that is not in it, or
 * otherwise, would be in no history.
 *
 * @param root of the work tree
 * @param folders from the root, in which also files that git does not know are refused
 * @throws Error where there is no checkout, or something differs from its commit
 */
export async function checkedOut(root: string, folders: readonly string[]): Promise<CheckedOut> {
  // Nothing is asked of a server.
  const git = openGit({ cwd: root, serverUrl: 'https://localhost', repository: '' });
  const head = await git.run(['rev-parse', '--verify', 'HEAD^{commit}']);
  if (!head.ok) {
    throw new Error(
      `There is no git checkout in the workspace (${head.problem}). What goes to a branch names its commit: run actions/checkout before this step.`,
    );
  }
  const changed = [
    ...(await changes(git, ['--untracked-files=no'])),
    ...(await changes(git, [
      '--untracked-files=all',
      // Whatever .gitmodules says: what is rendered from a submodule is at the commit that ours names.
      '--ignore-submodules=none',
      '--',
      ...folders.map((folder) => (folder === '' ? ':(top)' : `:(top,literal)${folder}`)),
    ])),
  ];
  if (changed.length > 0) {
    const names = [...new Set(changed)];
    throw new Error(
      `${firstFew(names, MOST)} differs from the commit that is checked out, so what is rendered would be in no history. Commit it first, or say "output" to render to a folder.`,
    );
  }
  const branch = await git.run(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return { commit: head.stdout.trim(), branch: branch.ok ? branch.stdout.trim() : '' };
}

/** @see https://git-scm.com/docs/git-status#_porcelain_format_version_1 */
async function changes(git: Git, args: readonly string[]): Promise<string[]> {
  const listed = await git.read(['status', '--porcelain=v1', '-z', '--no-renames', ...args]);
  return listed.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
}
