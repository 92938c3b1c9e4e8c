import type { Entry, TreeReader } from './tree-reader.js';

/** What a whole folder was found to hold: its files' texts by path, `undefined` where the folder does not exist. */
export interface FolderContent {
  path: string;
  entries: FolderEntry[] | undefined;
}

export type FolderEntry =
  /** `text` is `undefined` where it did not come along: binary, very large, or a symbolic link. */
  | { name: string; type: 'file'; text: string | undefined }
  /** `entries` is `undefined` below the depth that came along. */
  | { name: string; type: 'folder'; entries: FolderEntry[] | undefined };

/**
 * A reader that answers from folders already at hand and asks another one for the rest. What the folders are known not
 * to hold is answered too, without asking.
 */
export class CachedTree implements TreeReader {
  readonly #files = new Map<string, string>();
  readonly #folders = new Map<string, Entry[] | undefined>();
  readonly #absent = new Set<string>();

  constructor(readonly source: TreeReader) {}

  /** Takes in a folder read elsewhere from the same commit. */
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

  /** Takes in one file read elsewhere from the same commit. */
  addFile(path: string, text: string): void {
    this.#files.set(path, text);
  }

  /** Takes in that the commit has neither a file nor a folder at the path. */
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

  /** Whether the folders at hand say that there is nothing of this type at the path. */
  #isAbsent(path: string, type: Entry['type']): boolean {
    const parts = path.split('/');
    if (parts.some((_, index) => this.#absent.has(parts.slice(0, index + 1).join('/')))) {
      return true;
    }
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const folder = parts.slice(0, depth).join('/');
      if (!this.#folders.has(folder)) {
        continue;
      }
      const wanted = depth === parts.length - 1 ? type : 'folder';
      return !this.#folders.get(folder)?.some((entry) => entry.name === parts[depth] && entry.type === wanted);
    }
    return false;
  }
}
