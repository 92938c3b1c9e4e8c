/** One name in a folder. */
export interface Entry {
  name: string;
  type: 'file' | 'folder';
}

/**
 * Read access to one commit of a repository, or to anything like it (a work tree, a plain object in tests). Paths are
 * separated by `/` and relative to the root, which is `''`. Calls of one tick may share a request. A failed request
 * rejects: it never looks like a file that does not exist.
 */
export interface TreeReader {
  /** The text of a file; `undefined` where there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** The direct entries of a folder; `undefined` where there is no such folder. */
  list(path: string): Promise<Entry[] | undefined>;
}
