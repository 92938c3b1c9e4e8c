import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** One entry of a folder. */
export interface TreeEntry {
  name: string;
  kind: 'file' | 'folder' | 'other';
}

/** The files of an apps repository, wherever they are: a work tree, a commit, a plain object in a test. */
export interface RepositoryTree {
  /** The entries of a folder (`.` is the root), `undefined` where there is no such folder. */
  list(folder: string): Promise<readonly TreeEntry[] | undefined>;
  /** A file's text, `undefined` where there is no such file. */
  read(path: string): Promise<string | undefined>;
}

/**
 * The files of a checked-out repository. A symbolic link that leads out of it is no entry: `list` and `read` of it answer
 * as if it were not there.
 */
export function workTree(root: string): RepositoryTree {
  return {
    list: (folder) =>
      within(root, folder, async (path) => {
        const entries = await readdir(path, { withFileTypes: true });
        return entries.map((entry) => ({
          name: entry.name,
          kind: entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other',
        }));
      }),
    read: (path) => within(root, path, (found) => readFile(found, 'utf8')),
  };
}

async function within<T>(root: string, path: string, use: (path: string) => Promise<T>): Promise<T | undefined> {
  try {
    const found = await realpath(join(root, path));
    const way = relative(await realpath(root), found);
    return way === '..' || way.startsWith(`..${sep}`) ? undefined : await use(found);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  // A folder is no file.
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
