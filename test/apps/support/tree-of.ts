import type { RepositoryTree, TreeEntry } from '../../../src/apps/tree.js';

/** A repository of these files. */
export function treeOf(files: Record<string, string>): RepositoryTree {
  return {
    read: async (path) => files[path],
    async list(folder) {
      const prefix = folder === '.' ? '' : `${folder}/`;
      const entries = new Map<string, TreeEntry>();
      for (const file of Object.keys(files).filter((path) => path.startsWith(prefix))) {
        const [name = '', ...rest] = file.slice(prefix.length).split('/');
        entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
      }
      return entries.size === 0 ? undefined : [...entries.values()];
    },
  };
}
