import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { gitEnvironment } from './run.js';
import { findEntry } from './tree.js';

/** Objects over this many bytes are stored as they are: time matters here, space does not. */
const large = 65_536;
/** Bytes of objects that are kept in memory. */
const kept = 32 * 1024 * 1024;

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

export interface GitObject {
  oid: string;
  type: ObjectType;
  content: Buffer;
}

interface Pending {
  resolve(object: GitObject | undefined): void;
  reject(error: Error): void;
}

/**
 * Reads and writes the objects of one bare repository: reads through one long-lived `git cat-file --batch`, writes as
 * loose objects without starting a process. What it makes is plain git. Objects never change, so those that were read or
 * written are kept in memory while there is room.
 */
export class ObjectStore {
  readonly #gitDir: string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #pending: Pending[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 0;
  readonly #known = new Map<string, GitObject>();
  #knownBytes = 0;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /**
   * Reads an object by anything git understands: an object id, `oid:path`, a ref.
   *
   * @returns `undefined` when there is no such object
   */
  async read(expression: string): Promise<GitObject | undefined> {
    if (expression === '' || /[\n\r\0]/.test(expression)) {
      return undefined;
    }
    const known = this.#known.get(expression.slice(0, 40));
    if (known !== undefined) {
      const rest = expression.slice(40);
      if (rest === '' || (rest === '^{commit}' && known.type === 'commit')) {
        return known;
      }
      if (rest.startsWith(':') && isPlain(rest.slice(1)) && (known.type === 'commit' || known.type === 'tree')) {
        return this.#readPath(known, rest.slice(1).split('/'));
      }
    }
    const object = await this.#ask(expression);
    if (object !== undefined) {
      this.#keep(object);
    }
    return object;
  }

  /**
   * Writes an object where it is missing and returns its id. Done at once: for the small files that these are, going
   * through the thread pool costs several times what the work does.
   */
  async write(type: ObjectType, content: Buffer | string): Promise<string> {
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    const raw = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
    const oid = createHash('sha1').update(raw).digest('hex');
    const folder = join(this.#gitDir, 'objects', oid.slice(0, 2));
    const file = join(folder, oid.slice(2));
    if (!this.#known.has(oid) && !existsSync(file)) {
      mkdirSync(folder, { recursive: true });
      const scratch = join(folder, `tmp_obj_${randomUUID()}`);
      writeFileSync(scratch, deflateSync(raw, { level: raw.length > large ? 0 : 1 }), { mode: 0o444 });
      renameSync(scratch, file);
      this.#keep({ oid, type, content: body });
    }
    return oid;
  }

  /** Follows a path through trees, each of which is likely to be known. */
  async #readPath(from: GitObject, path: readonly string[]): Promise<GitObject | undefined> {
    let object: GitObject | undefined = from;
    if (object.type === 'commit') {
      object = await this.read(object.content.toString('latin1', 'tree '.length, 'tree '.length + 40));
    }
    for (const name of path) {
      const entry = object?.type === 'tree' ? findEntry(object.content, name) : undefined;
      object = entry === undefined ? undefined : await this.read(entry.oid);
    }
    return object;
  }

  #keep(object: GitObject): void {
    if (this.#known.has(object.oid)) {
      return;
    }
    this.#knownBytes += object.content.length;
    if (this.#knownBytes > kept) {
      this.#known.clear();
      this.#knownBytes = object.content.length;
    }
    this.#known.set(object.oid, object);
  }

  #ask(expression: string): Promise<GitObject | undefined> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#process().stdin.write(`${expression}\n`);
    });
  }

  /** Ends the reading process. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child !== undefined) {
      this.#child = undefined;
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      await ended;
    }
  }

  #process(): ChildProcessWithoutNullStreams {
    if (this.#child === undefined) {
      const child = spawn('git', ['--git-dir', this.#gitDir, 'cat-file', '--batch'], { env: gitEnvironment() });
      child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
      child.stdin.on('error', () => {
        // reported by `close`
      });
      child.on('error', (error) => this.#fail(error));
      child.on('close', () => {
        if (this.#child === child) {
          this.#child = undefined;
        }
        this.#fail(new Error(`git cat-file ended unexpectedly in ${this.#gitDir}`));
      });
      this.#child = child;
    }
    return this.#child;
  }

  #fail(error: Error): void {
    for (const { reject } of this.#pending.splice(0)) {
      reject(error);
    }
  }

  /** Collects chunks until the answer in front is complete, so that a large object is joined once. */
  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered > 0 && this.#buffered >= this.#needed) {
      const buffer = this.#chunks.length === 1 ? (this.#chunks[0] ?? chunk) : Buffer.concat(this.#chunks);
      const answer = parseAnswer(buffer);
      this.#chunks = [answer.rest];
      this.#buffered = answer.rest.length;
      this.#needed = answer.needed;
      if (answer.needed > 0) {
        return;
      }
      this.#pending.shift()?.resolve(answer.object);
    }
  }
}

interface Answer {
  object: GitObject | undefined;
  rest: Buffer;
  /** Bytes that must be there before it is worth parsing again; 0 when an answer was complete. */
  needed: number;
}

function parseAnswer(buffer: Buffer): Answer {
  const lineEnd = buffer.indexOf(10);
  if (lineEnd < 0) {
    return { object: undefined, rest: buffer, needed: buffer.length + 1 };
  }
  const header = /^([0-9a-f]{40}) (blob|tree|commit|tag) (\d+)$/.exec(buffer.toString('utf8', 0, lineEnd));
  if (header === null) {
    return { object: undefined, rest: buffer.subarray(lineEnd + 1), needed: 0 };
  }
  const end = lineEnd + 1 + Number(header[3]);
  if (buffer.length < end + 1) {
    return { object: undefined, rest: buffer, needed: end + 1 };
  }
  const object: GitObject = {
    oid: header[1] ?? '',
    type: objectType(header[2] ?? ''),
    content: Buffer.from(buffer.subarray(lineEnd + 1, end)),
  };
  return { object, rest: buffer.subarray(end + 1), needed: 0 };
}

function objectType(text: string): ObjectType {
  return text === 'tree' || text === 'commit' || text === 'tag' ? text : 'blob';
}

/** Whether a path means what it says: git reads `./a` and `a//b` in ways of its own. */
function isPlain(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
