import type { Change } from '../tree/change.js';

/** Files as they are to be, over files as they are. */
export class Draft {
  readonly #known = new Map<string, string>();
  readonly #wanted = new Map<string, string | undefined>();

  /** @param texts files as they are, by path; what is missing does not exist */
  constructor(texts: Iterable<readonly [path: string, text: string]> = []) {
    for (const [path, text] of texts) {
      this.#known.set(path, text);
    }
  }

  /** The text as it is to be; `undefined` where there is to be no file. */
  read(path: string): string | undefined {
    return this.#wanted.has(path) ? this.#wanted.get(path) : this.#known.get(path);
  }

  write(path: string, text: string): void {
    this.#wanted.set(path, text);
  }

  remove(path: string): void {
    this.#wanted.set(path, undefined);
  }

  /** What was written and removed so far. */
  texts(): [path: string, text: string | undefined][] {
    return [...this.#wanted];
  }

  /** Runs edits that are all kept, or none of them when they throw. */
  try<T>(edits: () => T): T {
    const before = [...this.#wanted];
    try {
      return edits();
    } catch (error) {
      this.#wanted.clear();
      for (const [path, text] of before) {
        this.#wanted.set(path, text);
      }
      throw error;
    }
  }

  /** What differs, and the differing files as they are. */
  change(): { change: Change; before: Map<string, string> } {
    const differing = [...this.#wanted].filter(([path, text]) => this.#known.get(path) !== text);
    const files = differing.flatMap(([path, text]): [string, string][] => (text === undefined ? [] : [[path, text]]));
    const deletions = differing.flatMap(([path, text]) => (text === undefined ? [path] : []));
    const before = differing.flatMap(([path]): [string, string][] => {
      const text = this.#known.get(path);
      return text === undefined ? [] : [[path, text]];
    });
    return { change: { files: new Map(files.sort(byPath)), deletions: deletions.sort() }, before: new Map(before) };
  }
}

function byPath([one]: [string, string], [other]: [string, string]): number {
  return one < other ? -1 : 1;
}
