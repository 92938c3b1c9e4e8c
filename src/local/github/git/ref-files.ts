import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isRefName } from './ref-name.js';

/** One step of a ref transaction. `from: null` asserts absence, `undefined` asserts nothing; `to: null` deletes. */
export interface RefUpdate {
  name: string;
  from?: string | null;
  to: string | null;
}

/**
 * The refs of one bare repository as files, one a ref. Each answer is `undefined` where git has to be asked: refs that are
 * packed, symbolic or broken, and whatever would be refused, so that what is said of it is git's.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
export class RefFiles {
  readonly #gitDir: string;
  #scratch = 0;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /** The id that a ref has, `null` where there is no such ref. */
  get(name: string): string | null | undefined {
    try {
      return /^([0-9a-f]{40})\n$/.exec(readFileSync(join(this.#gitDir, name), 'utf8'))?.[1];
    } catch {
      return this.#isPacked() ? undefined : null;
    }
  }

  /** All refs with their ids, sorted by name as git does. */
  list(): Map<string, string> | undefined {
    const root = join(this.#gitDir, 'refs');
    if (this.#isPacked() || !existsSync(root)) {
      return undefined;
    }
    const found: [string, string][] = [];
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const name = `refs/${path}`;
      const oid = path.endsWith('.lock') ? null : this.get(name);
      if (oid === undefined) {
        return undefined;
      }
      // A folder is no ref.
      if (oid !== null) {
        found.push([name, oid]);
      }
    }
    return new Map(found.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  }

  /** Makes all updates at once, where each of them is possible. @returns whether it did */
  update(updates: readonly RefUpdate[]): boolean {
    if (this.#isPacked() || !updates.every((update) => this.#isPossible(update)) || meet(updates)) {
      return false;
    }
    for (const { name, to } of updates) {
      if (to === null) {
        this.#remove(name);
      } else {
        this.#write(name, to);
      }
    }
    return true;
  }

  #isPossible({ name, from, to }: RefUpdate): boolean {
    const now = isRefName(name) ? this.get(name) : undefined;
    if (now === undefined || existsSync(join(this.#gitDir, `${name}.lock`)) || (from !== undefined && from !== now)) {
      return false;
    }
    return to === null ? now !== null : this.#hasPlace(name);
  }

  /** Whether a ref may be there: it is no folder of others, and no other ref is a folder of it. */
  #hasPlace(name: string): boolean {
    const parts = name.split('/');
    const above = parts.slice(2, -1).map((_, index) => parts.slice(0, index + 3).join('/'));
    return (
      above.every((each) => kindOf(join(this.#gitDir, each)) !== 'file') &&
      kindOf(join(this.#gitDir, name)) !== 'folder'
    );
  }

  #write(name: string, oid: string): void {
    const file = join(this.#gitDir, name);
    mkdirSync(dirname(file), { recursive: true });
    this.#scratch += 1;
    const scratch = join(this.#gitDir, `stage_ref_${process.pid}_${this.#scratch}`);
    writeFileSync(scratch, `${oid}\n`);
    renameSync(scratch, file);
  }

  /** Takes a ref away, with folders that nothing is left in, as git does. */
  #remove(name: string): void {
    unlinkSync(join(this.#gitDir, name));
    const parts = name.split('/').slice(0, -1);
    try {
      for (; parts.length > 2; parts.pop()) {
        rmdirSync(join(this.#gitDir, ...parts));
      }
    } catch {
      // Something else is in it.
    }
  }

  #isPacked(): boolean {
    return existsSync(join(this.#gitDir, 'packed-refs'));
  }
}

/** Whether updates touch one ref twice, or one is a folder of another. */
function meet(updates: readonly RefUpdate[]): boolean {
  const names = updates.map(({ name }) => name).sort();
  return names.some((name, index) => {
    const next = names[index + 1];
    return next !== undefined && (next === name || names.some((other) => other.startsWith(`${name}/`)));
  });
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : found.isDirectory() ? 'folder' : 'file';
}
