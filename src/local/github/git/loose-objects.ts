import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  oid: string;
  type: ObjectType;
  content: Buffer;
}

/** An object's id and its bytes as git hashes them: `<type> <size>\0<content>`. */
export interface RawObject {
  oid: string;
  raw: Buffer;
}

/** As they are and with the smallest of tables: time matters here, space does not. */
const STORED = { level: 0, memLevel: 1, windowBits: 9 };

/** Names an object. */
export function nameObject(type: ObjectType, content: Buffer): RawObject {
  const raw = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  return { oid: createHash('sha1').update(raw).digest('hex'), raw };
}

/**
 * The objects of one repository that are files of their own. All is done at once: for the small files that these are,
 * going through the thread pool costs several times what the work does.
 *
 * @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export class LooseObjects {
  readonly #objects: string;
  readonly #folders = new Set<string>();
  #scratch = 0;

  constructor(gitDir: string) {
    this.#objects = join(gitDir, 'objects');
  }

  /** An object by its full id; `undefined` when it is no loose one. */
  read(oid: string): GitObject | undefined {
    const file = this.#fileOf(oid);
    if (!existsSync(file)) {
      return undefined;
    }
    const raw = inflateSync(readFileSync(file));
    const type = raw.toString('latin1', 0, raw.indexOf(32));
    return { oid, type: objectType(type), content: raw.subarray(raw.indexOf(0) + 1) };
  }

  /** Writes an object unless it is there. */
  write({ oid, raw }: RawObject): void {
    const file = this.#fileOf(oid);
    if (existsSync(file)) {
      return;
    }
    const folder = join(this.#objects, oid.slice(0, 2));
    if (!this.#folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      this.#folders.add(folder);
    }
    this.#scratch += 1;
    const scratch = join(folder, `tmp_obj_stage_${process.pid}_${this.#scratch}`);
    writeFileSync(scratch, deflateSync(raw, STORED), { mode: 0o444 });
    renameSync(scratch, file);
  }

  #fileOf(oid: string): string {
    return join(this.#objects, oid.slice(0, 2), oid.slice(2));
  }
}

export function objectType(text: string): ObjectType {
  return text === 'tree' || text === 'commit' || text === 'tag' ? text : 'blob';
}
