import type { Entry, TreeReader } from './tree-reader.js';

/**
 * A tree given as an object of texts by path.
 *
 * @param files for example `{ 'overlays/staging/my-app/kustomization.yaml': 'images: …' }`
 */
export function objectTree(files: Readonly<Record<string, string>>): TreeReader {
  return {
    async read(path) {
      return Object.hasOwn(files, path) ? files[path] : undefined;
    },
    async list(path) {
      const prefix = path === '' ? '' : `${path}/`;
      const entries = new Map<string, Entry>();
      for (const file of Object.keys(files).filter((candidate) => candidate.startsWith(prefix))) {
        const [name = '', ...rest] = file.slice(prefix.length).split('/');
        entries.set(name, { name, type: rest.length === 0 ? 'file' : 'folder' });
      }
      return entries.size === 0 && path !== '' ? undefined : [...entries.values()];
    },
  };
}
