import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';

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
    let packed: Buffer;
    try {
      packed = readFileSync(this.#fileOf(oid));
    } catch {
      return undefined;
    }
    const raw = inflateSync(packed);
    const end = raw.indexOf(0);
    const type = raw.toString('latin1', 0, raw.indexOf(32));
    return { oid, type: objectType(type), content: raw.subarray(end + 1) };
  }

  /** Writes an object where it is missing. */
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
    writeFileSync(scratch, store(raw), { mode: 0o444 });
    renameSync(scratch, file);
  }

  #fileOf(oid: string): string {
    return join(this.#objects, oid.slice(0, 2), oid.slice(2));
  }
}

export function objectType(text: string): ObjectType {
  return text === 'tree' || text === 'commit' || text === 'tag' ? text : 'blob';
}

/** The most that one stored block holds, in bytes. */
const BLOCK = 65_535;

/**
 * A zlib stream that holds bytes as they are: time matters here, space does not, and setting up a compressor costs more
 * than a small object does.
 * Format: RFC 1950 (two bytes before, Adler-32 after) and RFC 1951 3.2.4 (stored blocks).
 */
function store(raw: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x78, 0x01])];
  for (let at = 0; at < raw.length; at += BLOCK) {
    const block = raw.subarray(at, at + BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + BLOCK >= raw.length ? 1 : 0, 0);
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(block.length ^ 0xffff, 3);
    parts.push(head, block);
  }
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(adler32(raw));
  parts.push(tail);
  return Buffer.concat(parts);
}

/** RFC 1950, section 9. The sums are reduced every 3800 bytes, before they could pass what an integer holds exactly. */
function adler32(bytes: Buffer): number {
  let [low, high] = [1, 0];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + 3800, bytes.length);
    for (; at < end; at++) {
      low += bytes[at] ?? 0;
      high += low;
    }
    low %= 65_521;
    high %= 65_521;
  }
  return high * 65_536 + low;
}
