import { rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Checkout, readIn } from '../checkout.js';
import { LOCK_FILE, type Lock, lockText, movedSources, movesBetween, nextLock, readLock } from './lock-file.js';
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
  /** For whom it was opened. */
  users: Set<string>;
}

/** The lock files of a run: one in the folder of each source, or beside the values of a chart that is none of the repository. */
export class Locks {
  readonly #checkout: Checkout;
  readonly #options: Omit<LockedSourcesOptions, 'lock' | 'lockFile'>;
  readonly #opened = new Map<string, Promise<Opened>>();

  constructor(checkout: Checkout, options: Omit<LockedSourcesOptions, 'lock' | 'lockFile'>) {
    this.#checkout = checkout;
    this.#options = options;
  }

  /**
   * What brings the remote parts of a source.
   *
   * @param folder the one that has its lock file
   * @param user whose parts they are; empty for the source that is in the folder
   * @throws ConfigError where the lock file has a mistake
   */
  sourcesOf = async (folder: string, user = ''): Promise<LockedSources> => {
    const file = posix.join(folder, LOCK_FILE);
    const opened = this.#opened.get(file) ?? this.#open(file);
    this.#opened.set(file, opened);
    const { sources, users } = await opened;
    users.add(user);
    return sources;
  };

  async #open(file: string): Promise<Opened> {
    const text = await readIn(this.#checkout, file);
    const lock = text === undefined ? EMPTY : readLock(text, file);
    return { sources: new LockedSources({ ...this.#options, lock, lockFile: file }), lock, text, users: new Set() };
  }

  /** What the sources were resolved to, where they were resolved anew and that is not what the files say. */
  async changes(): Promise<LockChange[]> {
    const changes: LockChange[] = [];
    for (const [file, opened] of this.#options.update ? this.#opened : []) {
      const { sources, lock, text: before, users } = await opened;
      const next = nextLock(lock, sources.used, users);
      const { git, charts, files } = next;
      const text = git.length + charts.length + files.length === 0 ? undefined : lockText(next);
      if (text !== before) {
        const isDecided = movedSources(lock, next)?.every(this.#options.isFollowed) === true;
        changes.push({ file, text, moves: movesBetween(lock, next), isDecided });
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
