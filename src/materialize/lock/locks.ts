import { rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Checkout, readIn } from '../checkout.js';
import { LOCK_FILE, type Lock, lockText, movedSources, movesBetween, readLock } from './lock-file.js';
import { LockedSources, type LockedSourcesOptions } from './locked-sources.js';

const EMPTY: Lock = { git: [], charts: [], files: [] };

/** A lock file that changes. */
export interface LockChange {
  /** Path from the root. */
  file: string;
  /** Its new text; `undefined` where it goes. */
  text: string | undefined;
  /** What moves, a line each. */
  moves: string[];
  /** Whether nothing moves but branches that environments live on. */
  isDecided: boolean;
}

interface Opened {
  sources: LockedSources;
  lock: Lock;
  text: string | undefined;
}

/** The lock files of a run: one in the folder of each source. */
export class Locks {
  readonly #checkout: Checkout;
  readonly #options: Omit<LockedSourcesOptions, 'lock' | 'lockFile'>;
  readonly #opened = new Map<string, Promise<Opened>>();

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

  async #open(file: string): Promise<Opened> {
    const text = await readIn(this.#checkout, file);
    const lock = text === undefined ? EMPTY : readLock(text, file);
    return { sources: new LockedSources({ ...this.#options, lock, lockFile: file }), lock, text };
  }

  /** What the sources were resolved to, where they were resolved anew and that is not what the files say. */
  async changes(): Promise<LockChange[]> {
    const changes: LockChange[] = [];
    for (const [file, opened] of this.#options.update ? this.#opened : []) {
      const { sources, lock, text: before } = await opened;
      const { git, charts, files } = sources.used;
      const text = git.length + charts.length + files.length === 0 ? undefined : lockText(sources.used);
      if (text !== before) {
        const isDecided = movedSources(lock, sources.used)?.every(this.#options.isFollowed) === true;
        changes.push({ file, text, moves: movesBetween(lock, sources.used), isDecided });
      }
    }
    return changes;
  }

  /**
   * Writes what changes to the files.
   *
   * @returns their paths
   */
  async save(dryRun: boolean): Promise<string[]> {
    const changes = await this.changes();
    for (const { file, text } of dryRun ? [] : changes) {
      const path = join(this.#checkout.root, file);
      await (text === undefined ? rm(path) : writeFile(path, text));
    }
    return changes.map(({ file }) => file);
  }
}
