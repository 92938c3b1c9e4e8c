import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isRefName } from './ref-name.js';

const OID = /^[0-9a-f]{40}(?=\n?$)/;

/** Where git looks for a short name, in this order: https://git-scm.com/docs/gitrevisions */
const PLACES = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'];

/**
 * Reads the refs of one bare repository from their files: one each, or all in `packed-refs`. All is done at once: the
 * thread pool costs several times what the reads do.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export class RefFiles {
  readonly #gitDir: string;
  #packed: { stamp: string; refs: ReadonlyMap<string, string> } | undefined;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /** Object id of a ref by its full name, `undefined` when there is none. */
  get(name: string): string | undefined {
    return isRefName(name) ? (this.loose(name)?.oid ?? this.packed().get(name)) : undefined;
  }

  /** What a short name such as `main`, `v1` or `HEAD` means; `undefined` when no ref is called so. */
  resolve(name: string): string | undefined {
    if (name === 'HEAD') {
      return this.#head();
    }
    for (const place of PLACES) {
      const oid = this.get(`${place}${name}`);
      if (oid !== undefined) {
        return oid;
      }
    }
    return undefined;
  }

  #head(): string | undefined {
    const text = readFileSync(join(this.#gitDir, 'HEAD'), 'utf8').trim();
    return text.startsWith('ref: ') ? this.get(text.slice('ref: '.length)) : OID.exec(text)?.[0];
  }

  /** A ref's own file, `undefined` where there is none. Without `oid` it holds something else, the name of another ref. */
  loose(name: string): { oid: string | undefined } | undefined {
    try {
      return { oid: OID.exec(readFileSync(join(this.#gitDir, name), 'latin1'))?.[0] };
    } catch {
      return undefined;
    }
  }

  /** Refs without a file of their own, or whose file counts instead, by full name. */
  packed(): ReadonlyMap<string, string> {
    const file = join(this.#gitDir, 'packed-refs');
    const info = statSync(file, { throwIfNoEntry: false });
    if (info === undefined) {
      return new Map();
    }
    const stamp = `${info.mtimeMs} ${info.size} ${info.ino}`;
    if (this.#packed?.stamp !== stamp) {
      const refs = new Map<string, string>();
      for (const line of readFileSync(file, 'utf8').split('\n')) {
        if (/^[0-9a-f]{40} /.test(line)) {
          refs.set(line.slice(41), line.slice(0, 40));
        }
      }
      this.#packed = { stamp, refs };
    }
    return this.#packed.refs;
  }

  /** All refs by full name, sorted by its bytes; `undefined` when one is not plain and git has to be asked. */
  list(): Map<string, string> | undefined {
    const found = new Map(this.packed());
    for (const name of this.#names('refs')) {
      const file = this.loose(name);
      if (file !== undefined && file.oid === undefined) {
        return undefined;
      }
      if (file?.oid !== undefined) {
        found.set(name, file.oid);
      }
    }
    return new Map([...found].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }

  /** Names of the ref files in a folder and those below it. */
  *#names(folder: string): Iterable<string> {
    for (const entry of this.#entries(folder)) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        yield* this.#names(name);
      } else if (isRefName(name)) {
        yield name;
      }
    }
  }

  #entries(folder: string): Dirent[] {
    try {
      return readdirSync(join(this.#gitDir, folder), { withFileTypes: true });
    } catch {
      // Its last ref was deleted a moment ago.
      return [];
    }
  }
}
