import type { ObjectStore } from './objects.js';
import { RefFiles, type RefUpdate } from './ref-files.js';
import { isRefName } from './ref-name.js';
import { git } from './run.js';

const zero = '0'.repeat(40);

/** Reads and writes the refs of one bare repository: as files where that is all there is to it, else with git. */
export class RefStore {
  readonly #objects: ObjectStore;
  readonly #files: RefFiles;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
    this.#files = new RefFiles(objects.gitDir);
  }

  /** Object id of a ref by its full name, `undefined` when there is none. */
  async get(name: string): Promise<string | undefined> {
    if (!isRefName(name)) {
      return undefined;
    }
    // Asked several times in each request. Git writes such a file at once, whole.
    const written = this.#files.get(name);
    return written === undefined ? (await this.#objects.read(name))?.oid : (written ?? undefined);
  }

  /** All refs whose full name begins with `prefix`, with their object ids, sorted by name. */
  async list(prefix = 'refs/'): Promise<Map<string, string>> {
    const refs = this.#files.list() ?? (await this.#ask());
    return new Map([...refs].filter(([name]) => name.startsWith(prefix)));
  }

  async #ask(): Promise<Map<string, string>> {
    const { stdout } = await git(this.#objects.gitDir, ['for-each-ref', '--format=%(objectname) %(refname)']);
    const lines = stdout.toString('utf8').split('\n').filter(Boolean);
    return new Map(lines.map((line): [string, string] => [line.slice(41), line.slice(0, 40)]));
  }

  /**
   * Applies all updates or none.
   *
   * @throws Error with git's message when an assertion does not hold, an object does not exist or a name is not possible
   */
  update(updates: RefUpdate[]): Promise<void> {
    const done = this.#tail.then(() => this.#update(updates));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async #update(updates: RefUpdate[]): Promise<void> {
    if ((await this.#areThere(updates)) && this.#files.update(updates)) {
      return;
    }
    const lines = updates.map(({ name, from, to }) => {
      const old = from === undefined ? '' : (from ?? zero);
      return to === null ? `delete ${name}\0${old}\0` : `update ${name}\0${to}\0${old}\0`;
    });
    await git(this.#objects.gitDir, ['update-ref', '-z', '--stdin'], {
      input: `start\0${lines.join('')}prepare\0commit\0`,
    });
  }

  /** Whether there is what refs shall lead to: a commit, or for a tag anything. */
  async #areThere(updates: readonly RefUpdate[]): Promise<boolean> {
    for (const { name, to } of updates) {
      const object = to === null ? undefined : await this.#objects.read(to);
      if (to !== null && (object === undefined || (object.type !== 'commit' && !name.startsWith('refs/tags/')))) {
        return false;
      }
    }
    return true;
  }
}
