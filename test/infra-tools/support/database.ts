import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { parseConnection } from '../../../src/infra/backup/connection.js';
import { ThrowAwayServer } from '../../../src/infra/backup/throw-away-server.js';

const run = promisify(execFile);

/** A real PostgreSQL server of the newest version on this machine, which goes when the test does. */
export class Database implements AsyncDisposable {
  private constructor(
    private readonly server: ThrowAwayServer,
    readonly major: number,
  ) {}

  static async start(): Promise<Database> {
    const majors = (await readdir('/usr/lib/postgresql').catch(() => [])).map(Number).filter(Number.isInteger);
    if (majors.length === 0) {
      throw new Error('This test needs PostgreSQL: run it by `.ci/with-infra npm run test:infra`, which installs it.');
    }
    const major = Math.max(...majors);
    return new Database(await ThrowAwayServer.start(major), major);
  }

  /** `postgresql://…`, as somebody. */
  url(user = this.server.connection.PGUSER, password = 'a-password'): string {
    const host = encodeURIComponent(this.server.connection.PGHOST ?? '');
    return `postgresql:///postgres?host=${host}&user=${user}&password=${password}`;
  }

  connection(user?: string) {
    return parseConnection(this.url(user));
  }

  async sql(text: string): Promise<string> {
    const args = ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', text];
    const env = { PATH: process.env.PATH ?? '', ...this.server.connection };
    return (await run(`/usr/lib/postgresql/${this.major}/bin/psql`, args, { env })).stdout.trim();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]();
  }
}
