import { chmod, lstat, lutimes, realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Git } from '../git/git.js';
import type { Checkout } from './checkout.js';
import { MODULE, PROGRAM, readModes } from './committed-files.js';

const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;

/**
 * Makes what an image has of its files the same on every machine.
 *
 * - *Modes*: git knows who may run a file and nothing else; the rest is the machine's umask, and an image would keep it.
 * - *Times*: builds replace times after the commit by the commit's and keep older ones. A work tree that is kept between
 *   runs has older ones and a fresh one has none. Older ones get the commit's time.
 *
 * Only files that git tracks, and their folders, are changed.
 *
 * @param paths relative to the root; `.` is the root itself
 */
export async function settleFiles(
  git: Git,
  { root, createdAt }: Pick<Checkout, 'root' | 'createdAt'>,
  paths: readonly string[],
): Promise<void> {
  const top = await realpath(root);
  const real = await Promise.all(paths.map((path) => realpath(join(top, path)).catch(() => join(top, path))));
  const places = new Set(real.map((path) => relative(top, path)));
  for (const [path, isProgram] of await trackedIn(git, top, '', [...places])) {
    const place = join(top, path);
    const found = await lstat(place).catch(() => undefined);
    if (found === undefined) {
      continue;
    }
    if (!found.isSymbolicLink()) {
      const runs = found.isDirectory() || isProgram || (found.mode & 0o100) !== 0;
      const mode = runs ? PROGRAM_MODE : FILE_MODE;
      if ((found.mode & 0o7777) !== mode) {
        await chmod(place, mode);
      }
    }
    if (found.mtimeMs < createdAt * 1000) {
      await lutimes(place, createdAt, createdAt);
    }
  }
}

/**
 * The tracked files and their folders, each with whether git has it as a program; those of modules too.
 *
 * @param repository its path in the checkout, `''` for the checkout itself
 * @param within folders, relative to the checkout
 */
async function trackedIn(
  git: Git,
  root: string,
  repository: string,
  within: readonly string[],
): Promise<Map<string, boolean>> {
  const found = new Map<string, boolean>();
  for (const [own, mode] of await readModes(git, join(root, repository))) {
    const path = join(repository, own);
    const modules = mode === MODULE && within.some((folder) => isIn(path, folder) || isIn(folder, path));
    if (modules && (await exists(join(root, path, '.git')))) {
      for (const entry of await trackedIn(git, root, path, within)) {
        found.set(...entry);
      }
    }
    if (within.some((folder) => isIn(path, folder))) {
      for (let at = path; at !== '' && !found.has(at); at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
        found.set(at, at === path && mode === PROGRAM);
      }
    }
  }
  return found;
}

function isIn(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
