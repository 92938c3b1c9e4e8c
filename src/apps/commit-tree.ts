import type { RepositoryTree } from './tree.js';

/** Reads a commit through GitHub; its root is `''`. */
interface CommitReader {
  read(path: string): Promise<string | undefined>;
  list(path: string): Promise<readonly { name: string; type: 'file' | 'folder' }[] | undefined>;
}

/** The files of an apps repository at a commit, read through GitHub without a checkout. */
export function commitTree(reader: CommitReader): RepositoryTree {
  return {
    read: (path) => reader.read(path),
    async list(folder) {
      const entries = await reader.list(folder === '.' ? '' : folder);
      return entries?.map(({ name, type }) => ({ name, kind: type }));
    },
  };
}
