import type { TreeReader } from './tree-reader.js';

/** A tree as it would be without one of the folders at its root. */
export function withoutFolder(tree: TreeReader, folder: string): TreeReader {
  const isHidden = (path: string) => path === folder || path.startsWith(`${folder}/`);
  return {
    read: async (path) => (isHidden(path) ? undefined : tree.read(path)),
    async list(path) {
      const entries = isHidden(path) ? undefined : await tree.list(path);
      return path === '' ? entries?.filter(({ name }) => name !== folder) : entries;
    },
  };
}
