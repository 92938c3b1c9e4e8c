import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { type ProgramOptions, type RunningProgram, startProgram } from './start-program.js';

/** One connection that stays open, by the program `psql`. */
export class PsqlSession implements AsyncDisposable {
  readonly #program: RunningProgram;
  readonly #lines: AsyncIterator<string>;

  constructor(path: string, options: ProgramOptions) {
    const args = ['--no-psqlrc', '--no-align', '--tuples-only', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1'];
    this.#program = startProgram(path, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout } = this.#program.child;
    // That it ended is heard of by `ended`.
    stdin?.on('error', () => undefined);
    if (stdout === null) {
      throw new Error('psql has no output.');
    }
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /**
   * Runs statements.
   *
   * @returns their rows, each in one line
   * @throws ProgramFailure when one of them fails; the session has ended then
   */
  async ask(sql: string): Promise<string[]> {
    const mark = randomUUID();
    this.#program.child.stdin?.write(`${sql}\n\\echo ${mark}\n`);
    const rows: string[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) {
        await this.#program.ended;
        throw new Error('psql ended before it answered.');
      }
      if (value === mark) {
        return rows;
      }
      rows.push(value);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.child.stdin?.end();
    await this.#program.ended.catch(() => undefined);
  }
}
