import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { type GitObject, objectType } from './loose-objects.js';
import { gitEnvironment } from './run.js';

type CatFileProcess = ChildProcessByStdio<Writable, Readable, null>;

interface Pending {
  resolve(object: GitObject | undefined): void;
  reject(error: Error): void;
}

/**
 * Reads objects through one long-lived `git cat-file --batch`, which starts with the first one.
 *
 * @see https://git-scm.com/docs/git-cat-file#_batch_output
 */
export class CatFile {
  readonly #gitDir: string;
  #child: CatFileProcess | undefined;
  #pending: Pending[] = [];
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 0;

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /**
   * Reads one object.
   *
   * @param expression on one line: an object id, a ref, `<id>:<path>`…
   * @returns `undefined` when there is no such object
   * @throws Error when the process ends
   */
  ask(expression: string): Promise<GitObject | undefined> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#process().stdin.write(`${expression}\n`);
    });
  }

  /** Ends the process. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child !== undefined) {
      this.#child = undefined;
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      await ended;
    }
  }

  #process(): CatFileProcess {
    if (this.#child === undefined) {
      const child = spawn('git', ['--git-dir', this.#gitDir, 'cat-file', '--batch'], {
        env: gitEnvironment(),
        stdio: ['pipe', 'pipe', 'ignore'],
      });
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
  /** Bytes that an answer needs at least; 0 when it was complete. */
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
