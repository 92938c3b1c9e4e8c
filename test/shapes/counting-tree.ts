import { NEAR_HOMES } from '../../src/ops/layouts/object-files.js';
import { CachedTree, type FolderEntry } from '../../src/ops/tree/cached-tree.js';
import { memoTree } from '../../src/ops/tree/memo-tree.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../src/ops/tree/tree-reader.js';

/** A tree that counts requests: what is asked for in one tick is one, and the same is asked for once. */
export function countingTree(files: Readonly<Record<string, string>>): { tree: TreeReader; requests(): number } {
  const tree = objectTree(files);
  let requests = 0;
  let pending: Promise<void> | undefined;
  const request = () => {
    pending ??= new Promise((resolve) => {
      setImmediate(() => {
        requests += 1;
        pending = undefined;
        resolve();
      });
    });
    return pending;
  };
  const counting: TreeReader = {
    read: async (path) => {
      await request();
      return tree.read(path);
    },
    list: async (path) => {
      await request();
      return tree.list(path);
    },
  };
  return { tree: memoTree(counting), requests: () => requests };
}

/** A tree as GitHub's first request leaves it: the root and the names in folders of objects are known. */
export function openedTree(files: Readonly<Record<string, string>>, source: TreeReader): TreeReader {
  const known = new CachedTree(source);
  const entriesOf = (folder: string, depth: number): FolderEntry[] => {
    const start = folder === '' ? '' : `${folder}/`;
    const inside = Object.keys(files).filter((path) => path.startsWith(start));
    return [...new Set(inside.map((path) => path.slice(start.length).split('/')[0] ?? ''))].map((name) => {
      const path = `${start}${name}`;
      return path in files
        ? { name, type: 'file', text: undefined }
        : { name, type: 'folder', entries: depth > 1 ? entriesOf(path, depth - 1) : undefined };
    });
  };
  known.add({ path: '', entries: entriesOf('', 1) });
  for (const home of NEAR_HOMES.filter((name) => Object.keys(files).some((path) => path.startsWith(`${name}/`)))) {
    known.add({ path: home, entries: entriesOf(home, 2) });
  }
  return known;
}
