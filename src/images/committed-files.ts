import type { Git } from '../git/git.js';

/** What git has in one repository, and where the disk differs from it. Paths are relative to the repository. */
export interface CommittedFiles {
  /** Whether git has the file or folder, or something in it. `''` is the repository. */
  has(path: string): boolean;
  /** The first path that is changed, new or ignored, a folder with a slash: this one, one above it or one in it. */
  changed(path: string): string | undefined;
  /** Whether git has it as a program. */
  isExecutable(path: string): boolean;
  /** Whether it is another repository, a module of this one. */
  isModule(path: string): boolean;
}

/** Git's mode of a file that may be run. */
export const PROGRAM = '100755';
/** Git's mode of another repository. */
export const MODULE = '160000';

/**
 * Reads the files of a repository's index, and what is not as in the commit. No setting of the repository or the machine
 * hides anything of it.
 *
 * @param repository its folder, absolute
 */
export async function readCommitted(git: Git, repository: string): Promise<CommittedFiles> {
  const modes = await readModes(git, repository);
  const folders = new Set(['']);
  for (const path of modes.keys()) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      folders.add(path.slice(0, at));
    }
  }
  const differing = await readDiffering(git, repository);
  return {
    has: (path) => modes.has(path) || folders.has(path),
    changed: (path) => differing.find((one) => within(one, path) || within(path, one.replace(/\/$/, ''))),
    isExecutable: (path) => modes.get(path) === PROGRAM,
    isModule: (path) => modes.get(path) === MODULE,
  };
}

/** Modes by path. */
export async function readModes(git: Git, repository: string): Promise<Map<string, string>> {
  const listed = await git.read(['-C', repository, 'ls-files', '--stage', '-z']);
  return new Map(
    listed
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => [line.slice(line.indexOf('\t') + 1), line.slice(0, line.indexOf(' '))]),
  );
}

async function readDiffering(git: Git, repository: string): Promise<string[]> {
  const shown = ['--porcelain', '-z', '--no-renames', '--ignored', '--untracked-files=normal'];
  const status = await git.read(['-C', repository, 'status', ...shown, '--ignore-submodules=none']);
  return status
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(3));
}

/** Whether a path is another one or in it. */
function within(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}
