import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import type { TreeReader } from './tree-reader.js';

/**
 * A checked-out work tree on disk, without `.git`. Its methods throw an Error for a path that leads out of it, by `..`
 * or through a symbolic link.
 *
 * @param root absolute path of the work tree
 */
export function workTree(root: string): TreeReader {
  return {
    async read(path) {
      const file = await inside(root, path);
      return file === undefined ? undefined : absentAsUndefined(() => readFile(file, 'utf8'));
    },
    async list(path) {
      const folder = await inside(root, path);
      if (folder === undefined) {
        return undefined;
      }
      const entries = await absentAsUndefined(() => readdir(folder, { withFileTypes: true }));
      return entries
        ?.filter(({ name }) => path !== '' || name !== '.git')
        .map((entry) => ({ name: entry.name, type: entry.isDirectory() ? 'folder' : 'file' }));
    },
  };
}

/**
 * The real path on disk, symbolic links resolved; `undefined` where nothing is there.
 *
 * @throws Error when it is outside of the tree
 */
async function inside(root: string, path: string): Promise<string | undefined> {
  if (posix.normalize(path).startsWith('../') || posix.isAbsolute(path)) {
    throw new Error(`${path} leads out of the repository.`);
  }
  const [top, target] = await Promise.all([realpath(root), absentAsUndefined(() => realpath(join(root, path)))]);
  if (target === undefined) {
    return undefined;
  }
  const fromTop = relative(top, target);
  if (fromTop === '..' || fromTop.startsWith(`..${sep}`)) {
    throw new Error(`${path} leads out of the repository.`);
  }
  return target;
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

async function absentAsUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && ABSENT.has(String(error.code))) {
      return undefined;
    }
    throw error;
  }
}
