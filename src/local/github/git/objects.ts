import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { gitEnvironment } from './run.js';

const compress = promisify(deflate);
/** Objects over this many bytes are stored as they are: time matters here, space does not. */
const large = 65_536;

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
 * loose objects without starting a process. What it makes is plain git.
 */
export class ObjectStore {
  readonly #gitDir: string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #pending: Pending[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 0;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /**
   * Reads an object by anything git understands: an object id, `oid:path`, a ref.
   *
   * @returns `undefined` when there is no such object
   */
  read(expression: string): Promise<GitObject | undefined> {
    if (expression === '' || /[\n\r\0]/.test(expression)) {
      return Promise.resolve(undefined);
    }
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#process().stdin.write(`${expression}\n`);
    });
  }

  /** Writes an object where it is missing and returns its id. */
  async write(type: ObjectType, content: Buffer | string): Promise<string> {
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    const raw = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
    const oid = createHash('sha1').update(raw).digest('hex');
    const folder = join(this.#gitDir, 'objects', oid.slice(0, 2));
    const file = join(folder, oid.slice(2));
    if (!(await exists(file))) {
      await mkdir(folder, { recursive: true });
      const scratch = join(folder, `tmp_obj_${randomUUID()}`);
      await writeFile(scratch, await compress(raw, { level: raw.length > large ? 0 : 1 }), { mode: 0o444 });
      await rename(scratch, file);
    }
    return oid;
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

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
