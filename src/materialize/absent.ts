import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { openGit } from '../git/git.js';

/** Something that a commit has and its checkout has not. */
export interface Absent {
  /** From the root of the checkout. */
  path: string;
  isSubmodule: boolean;
}

/** The mode of a submodule. @see https://git-scm.com/docs/index-format */
const SUBMODULE = '160000';

/**
 * What the commit of a checkout has and the disk has not, because nobody asked for it: submodules that were not fetched, and what
 * a sparse checkout leaves out. `git status` is silent about both.
 *
 * @param root any folder; one without git has nothing absent
 */
export async function absentIn(root: string): Promise<Absent[]> {
  // Nothing is asked of a server.
  const git = openGit({ cwd: root, serverUrl: 'https://localhost', repository: '' });
  const listed = await git.run(['ls-files', '-s', '-t', '-z']);
  const absent: Absent[] = [];
  for (const line of listed.ok ? listed.stdout.split('\0') : []) {
    const [, tag, mode, path = ''] = /^(\S) (\d+) [^\t]*\t(.*)$/s.exec(line) ?? [];
    if (tag === 'S') {
      absent.push({ path, isSubmodule: false });
    } else if (mode === SUBMODULE) {
      absent.push(...(await absentInSubmodule(root, path)));
    }
  }
  return absent;
}

async function absentInSubmodule(root: string, path: string): Promise<Absent[]> {
  const inside = join(root, path);
  const names: string[] = await readdir(inside).catch(() => []);
  if (!names.includes('.git')) {
    return [{ path, isSubmodule: true }];
  }
  return (await absentIn(inside)).map((each) => ({ ...each, path: posix.join(path, each.path) }));
}
