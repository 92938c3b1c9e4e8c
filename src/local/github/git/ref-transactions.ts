import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { gitEnvironment } from './run.js';

interface Pending {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Git's own atomic ref transactions on one bare repository, through one long-lived `git update-ref --stdin`.
 *
 * @see https://git-scm.com/docs/git-update-ref
 */
export class RefTransactions {
  readonly #gitDir: string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #pending: Pending[] = [];
  #stdout = '';
  #stderr = '';
  #tail: Promise<unknown> = Promise.resolve();

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /**
   * Runs commands in the format of `git update-ref -z --stdin` as one transaction.
   *
   * @throws Error in git's words when it is refused; nothing has moved then
   */
  run(commands: readonly string[]): Promise<void> {
    const done = this.#tail.then(() => this.#send(`start\0${commands.join('')}prepare\0commit\0`));
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    await this.#tail;
    const child = this.#child;
    if (child !== undefined) {
      this.#child = undefined;
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdin.end();
      await ended;
    }
  }

  #send(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject });
      this.#process().stdin.write(text);
    });
  }

  #process(): ChildProcessWithoutNullStreams {
    if (this.#child === undefined) {
      const args = ['--git-dir', this.#gitDir, 'update-ref', '-z', '--stdin'];
      const child = spawn('git', args, { env: gitEnvironment() });
      this.#stdout = '';
      this.#stderr = '';
      child.stdout.on('data', (chunk: Buffer) => this.#receive(chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => {
        this.#stderr += chunk.toString();
      });
      child.stdin.on('error', () => {
        // reported by `close`
      });
      child.on('error', (error) => this.#refuse(child, error.message));
      // It ends by itself when a transaction is refused; the next one starts another.
      child.on('close', () => this.#refuse(child, this.#stderr.trim()));
      this.#child = child;
    }
    return this.#child;
  }

  #receive(text: string): void {
    this.#stdout += text;
    if (this.#stdout.endsWith('commit: ok\n')) {
      this.#stdout = '';
      this.#pending.shift()?.resolve();
    }
  }

  #refuse(child: ChildProcessWithoutNullStreams, reason: string): void {
    if (this.#child === child) {
      this.#child = undefined;
      this.#pending.shift()?.reject(new Error(`git update-ref failed in ${this.#gitDir}: ${reason}`));
    }
  }
}
