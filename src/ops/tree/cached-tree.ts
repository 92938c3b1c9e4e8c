import type { Entry, TreeReader } from './tree-reader.js';

/** The whole content of a folder. */
export interface FolderContent {
  path: string;
  /** `undefined` where the folder does not exist. */
  entries: FolderEntry[] | undefined;
}

/** A file or folder in a `FolderContent`. */
export type FolderEntry =
  /** `text` is `undefined` where it was not fetched: a binary or very large file, or a symbolic link. */
  | { name: string; type: 'file'; text: string | undefined }
  /** `entries` is `undefined` below the depth that was fetched. */
  | { name: string; type: 'folder'; entries: FolderEntry[] | undefined };

/**
 * A reader that answers from folders and files fetched before, and asks another reader for everything else. It also
 * knows what these folders do not contain, and does not ask for that.
 */
export class CachedTree implements TreeReader {
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, Entry[] | undefined>();
  readonly #absent = new Set<string>();

  constructor(readonly source: TreeReader) {}

  /** Adds a folder that was fetched from the same commit. */
  add({ path, entries }: FolderContent): void {
    this.#folders.set(
      path,
      entries?.map(({ name, type }) => ({ name, type })),
    );
    for (const entry of entries ?? []) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.type === 'folder' && entry.entries !== undefined) {
        this.add({ path: inner, entries: entry.entries });
      } else if (entry.type === 'file' && entry.text !== undefined) {
        this.#files.set(inner, entry.text);
      }
    }
  }

  /** Adds a file that was fetched from the same commit. */
  addFile(path: string, text: string): void {
    this.#files.set(path, text);
  }

  /** Records that the commit has neither a file nor a folder at the path. */
  addAbsent(path: string): void {
    this.#absent.add(path);
  }

  async read(path: string): Promise<string | undefined> {
    const text = this.#files.get(path);
    return text !== undefined || this.#isAbsent(path, 'file') ? text : this.source.read(path);
  }

  async list(path: string): Promise<Entry[] | undefined> {
    if (this.#folders.has(path) || this.#isAbsent(path, 'folder')) {
      return this.#folders.get(path);
    }
    return this.source.list(path);
  }

  /** Whether the folders fetched before show that there is nothing of this type at the path. */
  #isAbsent(path: string, type: Entry['type']): boolean {
    if (type === 'file' && this.#folders.get(path) !== undefined) {
      return true;
    }
    const parts = path.split('/');
    if (parts.some((_, index) => this.#absent.has(parts.slice(0, index + 1).join('/')))) {
      return true;
    }
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const folder = parts.slice(0, depth).join('/');
      if (!this.#folders.has(folder)) {
        continue;
      }
      const expected = depth === parts.length - 1 ? type : 'folder';
      return !this.#folders.get(folder)?.some((entry) => entry.name === parts[depth] && entry.type === expected);
    }
    return false;
  }
}
