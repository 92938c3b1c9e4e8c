import type { TreeReader } from './tree-reader.js';

/** A tree in which one file has another text than its own; `undefined` for a tree without it. */
export function withFile(tree: TreeReader, path: string, text: string | undefined): TreeReader {
  return {
    read: async (asked) => (asked === path ? text : tree.read(asked)),
    list: (asked) => tree.list(asked),
  };
}
