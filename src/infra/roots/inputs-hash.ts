import { createHash } from 'node:crypto';
import type { Git } from '../../git/git.js';
import { inputPaths } from './affected-roots.js';
import type { Root, Roots } from './find-roots.js';

/**
 * A hash over what a root is made of at a commit: the contents of its files, of the modules of the repository that it calls, of files
 * of values and of locks, of what functions read, and its settings. Files that only a run makes are not in it.
 *
 * @param roots those of the commit
 * @param args further arguments of `plan`
 * @returns in hexadecimal
 * @throws Error with git's words where the commit is not there
 */
export async function inputsHash(
  git: Pick<Git, 'read'>,
  commit: string,
  roots: Roots,
  root: Root,
  args: readonly string[],
): Promise<string> {
  const wanted = new Set(inputPaths(roots, root));
  const listing = await git.read(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const entries = listing.split('\0').filter((line) => wanted.has(line.slice(line.indexOf('\t') + 1)));
  // Who approves and where it runs makes no other plan.
  const { path, workspace, varFiles, backendConfig } = root.settings;
  const settings = JSON.stringify([root.folder, path, workspace, varFiles, backendConfig, args]);
  return createHash('sha256')
    .update([settings, ...entries.sort()].join('\0'))
    .digest('hex');
}
