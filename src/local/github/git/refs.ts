import type { ObjectStore } from './objects.js';
import { RefFiles } from './ref-files.js';
import { moveRefFiles } from './ref-transaction.js';
import { git } from './run.js';

/** One step of a ref transaction. `from: null` asserts absence, `undefined` asserts nothing; `to: null` deletes. */
export interface RefUpdate {
  name: string;
  from?: string | null;
  to: string | null;
}

const zero = '0'.repeat(40);

/** Reads and writes the refs of one bare repository, without starting a process where nothing about them is unusual. */
export class RefStore {
  readonly #gitDir: string;
  readonly #files: RefFiles;
  readonly #objects: ObjectStore;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(objects: ObjectStore) {
    this.#gitDir = objects.gitDir;
    this.#files = new RefFiles(objects.gitDir);
    this.#objects = objects;
  }

  /** Object id of a ref by its full name, `undefined` when there is none. */
  async get(name: string): Promise<string | undefined> {
    return this.#files.get(name);
  }

  /** All refs whose full name begins with `prefix`, sorted by name. */
  async list(prefix = 'refs/'): Promise<Map<string, string>> {
    const refs = this.#files.list() ?? (await this.#askGit());
    return new Map([...refs].filter(([name]) => name.startsWith(prefix)));
  }

  async #askGit(): Promise<Map<string, string>> {
    const { stdout } = await git(this.#gitDir, ['for-each-ref', '--format=%(objectname) %(refname)']);
    const lines = stdout.toString('utf8').split('\n').filter(Boolean);
    return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
  }

  /**
   * Applies all updates or none.
   *
   * @throws Error when an assertion does not hold or a name is not possible (git's words)
   */
  update(updates: RefUpdate[]): Promise<void> {
    const done = this.#tail.then(() => this.#update(updates));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Whatever is refused here is left to git: it may know better, and it has the words for it. */
  async #update(updates: RefUpdate[]): Promise<void> {
    if ((await this.#haveTargets(updates)) && moveRefFiles(this.#gitDir, this.#files, updates)) {
      return;
    }
    const lines = updates.map(({ name, from, to }) => {
      const old = from === undefined ? '' : (from ?? zero);
      return to === null ? `delete ${name}\0${old}\0` : `update ${name}\0${to}\0${old}\0`;
    });
    await git(this.#gitDir, ['update-ref', '-z', '--stdin'], {
      input: `start\0${lines.join('')}prepare\0commit\0`,
    });
  }

  /** Whether everything that refs shall point at is there, and branches get commits. */
  async #haveTargets(updates: readonly RefUpdate[]): Promise<boolean> {
    for (const { name, to } of updates) {
      const target = to === null ? undefined : await this.#objects.read(to);
      const isBranch = name.startsWith('refs/heads/');
      if (to !== null && (target?.oid !== to || (isBranch && target.type !== 'commit'))) {
        return false;
      }
    }
    return true;
  }
}
