import { rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Checkout, readIn } from '../checkout.js';
import { LOCK_FILE, type Lock, lockText, readLock } from './lock-file.js';
import { LockedSources, type LockedSourcesOptions } from './locked-sources.js';

const EMPTY: Lock = { git: [], charts: [], files: [] };

/** The lock files of a run: one in the folder of each source. */
export class Locks {
  readonly #checkout: Checkout;
  readonly #options: Omit<LockedSourcesOptions, 'lock' | 'lockFile'>;
  readonly #opened = new Map<string, Promise<{ sources: LockedSources; text: string | undefined }>>();

  constructor(checkout: Checkout, options: Omit<LockedSourcesOptions, 'lock' | 'lockFile'>) {
    this.#checkout = checkout;
    this.#options = options;
  }

  /** What brings the remote parts of the source in a folder. @throws ConfigError where its lock file has a mistake */
  sourcesOf = async (folder: string): Promise<LockedSources> => {
    const file = posix.join(folder, LOCK_FILE);
    const opened = this.#opened.get(file) ?? this.#open(file);
    this.#opened.set(file, opened);
    return (await opened).sources;
  };

  async #open(file: string) {
    const text = await readIn(this.#checkout, file);
    const lock = text === undefined ? EMPTY : readLock(text, file);
    return { sources: new LockedSources({ ...this.#options, lock, lockFile: file }), text };
  }

  /**
   * Writes what the sources were resolved to, where they were resolved anew.
   *
   * @returns paths of the files that change
   */
  async save(dryRun: boolean): Promise<string[]> {
    const changed: string[] = [];
    for (const [file, opened] of this.#options.update ? this.#opened : []) {
      const { sources, text } = await opened;
      const { git, charts, files } = sources.used;
      const fresh = git.length + charts.length + files.length === 0 ? undefined : lockText(sources.used);
      if (fresh !== text) {
        changed.push(file);
        const path = join(this.#checkout.root, file);
        await (dryRun ? undefined : fresh === undefined ? rm(path) : writeFile(path, fresh));
      }
    }
    return changed;
  }
}
