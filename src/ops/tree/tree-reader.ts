/** One name in a folder. */
export interface Entry {
  name: string;
  type: 'file' | 'folder';
}

/**
 * Read access to one commit of a repository, or to anything shaped like it (a work tree, a plain object in tests).
 * Paths are `/`-separated and relative to the root; the root itself is `''`. Calls made in one tick belong together and
 * may be answered by one request. A failed request rejects: it never looks like an absent file.
 */
export interface TreeReader {
  /** The file's text, `undefined` where there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** The folder's direct entries, `undefined` where there is no such folder. */
  list(path: string): Promise<Entry[] | undefined>;
}
