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
