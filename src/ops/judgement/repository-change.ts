import type { TreeReader } from '../tree/tree-reader.js';

/** One side of a change of the repository. */
export interface RepositorySide {
  tree: TreeReader;
  /** Paths of all its files. */
  paths: readonly string[];
  /** Paths that are symbolic links or submodules. */
  links?: readonly string[];
  /** The path that a symbolic link says, as it says it; `undefined` for a submodule. */
  linkText?(path: string): Promise<string | undefined>;
}

/** A change of the repository. */
export interface RepositoryChange {
  base: RepositorySide;
  head: RepositorySide;
  /** Paths in which the two sides differ. */
  changed: ReadonlySet<string>;
}
