import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RefTransactions } from './ref-transactions.js';
import { git } from './run.js';

/** One step of a ref transaction. `from: null` asserts absence, `undefined` asserts nothing; `to: null` deletes. */
export interface RefUpdate {
  name: string;
  from?: string | null;
  to: string | null;
}

const zero = '0'.repeat(40);

/** Reads refs from the files of one bare repository and writes them in git's own atomic transactions. */
export class RefStore {
  readonly #gitDir: string;
  readonly #transactions: RefTransactions;
  #packed: { stamp: string; refs: Map<string, string> } | undefined;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
    this.#transactions = new RefTransactions(gitDir);
  }

  /** Object id of a ref by its full name, `undefined` when there is none. */
  async get(name: string): Promise<string | undefined> {
    if (!isRefName(name)) {
      return undefined;
    }
    const loose = /^[0-9a-f]{40}/.exec(readLoose(join(this.#gitDir, name)));
    return loose === null ? (await this.#readPacked()).get(name) : loose[0];
  }

  /** All refs whose full name begins with `prefix`, sorted by name. */
  async list(prefix = 'refs/'): Promise<Map<string, string>> {
    const { stdout } = await git(this.#gitDir, ['for-each-ref', '--format=%(objectname) %(refname)']);
    const refs = new Map<string, string>();
    for (const line of stdout.toString('utf8').split('\n')) {
      const name = line.slice(41);
      if (name.startsWith(prefix) && name !== '') {
        refs.set(name, line.slice(0, 40));
      }
    }
    return refs;
  }

  /**
   * Applies all updates or none.
   *
   * @throws Error when an assertion does not hold or a name is not possible (git's words)
   */
  async update(updates: RefUpdate[]): Promise<void> {
    const lines = updates.map(({ name, from, to }) => {
      const old = from === undefined ? '' : (from ?? zero);
      return to === null ? `delete ${name}\0${old}\0` : `update ${name}\0${to}\0${old}\0`;
    });
    await this.#transactions.run(lines);
  }

  /** Ends the process that writes. */
  close(): Promise<void> {
    return this.#transactions.close();
  }

  async #readPacked(): Promise<Map<string, string>> {
    const file = join(this.#gitDir, 'packed-refs');
    const info = await stat(file).catch(() => undefined);
    if (info === undefined) {
      return new Map();
    }
    const stamp = `${info.mtimeMs} ${info.size} ${info.ino}`;
    if (this.#packed?.stamp !== stamp) {
      const refs = new Map<string, string>();
      for (const line of (await readFile(file, 'utf8')).split('\n')) {
        if (/^[0-9a-f]{40} /.test(line)) {
          refs.set(line.slice(41), line.slice(0, 40));
        }
      }
      this.#packed = { stamp, refs };
    }
    return this.#packed.refs;
  }
}

/** A ref's file, empty where there is none. Read at once: the thread pool costs several times what the read does. */
function readLoose(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Whether git would take this as a full ref name.
 * Rules: https://git-scm.com/docs/git-check-ref-format
 */
export function isRefName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids exactly these
  const forbidden = /\.\.|@\{|\/\/|[\x00-\x20\x7f~^:?*[\\]|\.$|\/$/;
  return (
    name.startsWith('refs/') &&
    !forbidden.test(name) &&
    name.split('/').length > 2 &&
    name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
  );
}
