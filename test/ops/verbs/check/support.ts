import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import type { Comparison, Side } from '../../../../src/ops/verbs/check/comparison.js';

/** One side of a change that is nowhere on disk. */
export function side(files: Record<string, string>): Side {
  return { oid: '', root: '', tree: objectTree(files), paths: Object.keys(files) };
}

/** A change from one set of files to another. */
export function comparisonOf(base: Record<string, string>, head: Record<string, string>): Comparison {
  const paths = [...new Set([...Object.keys(base), ...Object.keys(head)])];
  return { base: side(base), head: side(head), changed: new Set(paths.filter((path) => base[path] !== head[path])) };
}
