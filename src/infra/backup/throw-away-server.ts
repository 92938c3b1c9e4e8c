import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { programOf } from './postgres-programs.js';
import { type RunningProgram, startProgram } from './start-program.js';

/** Longest name of a socket. @see https://man7.org/linux/man-pages/man7/unix.7.html */
const LONGEST_SOCKET = 107;
const START_MS = 60_000;
const STEP_MS = 50;

/** Nothing of it survives, so that it writes nothing for safety's sake. Of an error, its code comes before the message. */
const SETTINGS = {
  listen_addresses: '',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  autovacuum: 'off',
  max_wal_size: '4GB',
  log_line_prefix: '%e ',
  log_min_messages: 'error',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** A PostgreSQL server of its own in a temporary folder, which only this machine's user can reach, by a socket in it. */
export class ThrowAwayServer implements AsyncDisposable {
  readonly #folder: string;
  /** None that a database which is restored has, too. */
  readonly #user = `ostack-${randomBytes(8).toString('hex')}`;
  #server: RunningProgram | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws Error when the programs of that version are not there, or it does not start */
  static async start(major: number, signal?: AbortSignal): Promise<ThrowAwayServer> {
    const [initdb, postgres] = [await programOf('initdb', major), await programOf('postgres', major)];
    const user = await userOfServer();
    const base = tmpdir().length + 40 < LONGEST_SOCKET ? tmpdir() : '/tmp';
    const server = new ThrowAwayServer(await mkdtemp(join(base, 'ostack-restore-')));
    try {
      await server.#start(initdb, postgres, user, signal);
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return server;
  }

  /** What PostgreSQL's programs reach its one database with. */
  get connection(): Record<string, string> {
    return { PGHOST: this.#folder, PGUSER: this.#user, PGDATABASE: 'postgres', PGAPPNAME: 'ostack-backup' };
  }

  /** The errors that it had, each with its code (`SQLSTATE`), the last of them. */
  get errors(): string {
    return this.#server?.said() ?? '';
  }

  async #start(initdb: string, postgres: string, user: User | undefined, signal?: AbortSignal): Promise<void> {
    if (user !== undefined) {
      await chown(this.#folder, user.uid, user.gid);
    }
    const data = join(this.#folder, 'data');
    const env = { HOME: this.#folder };
    const options = { env, user, cwd: this.#folder, signal };
    const args = [
      '--no-sync',
      '--auth=trust',
      `--username=${this.#user}`,
      '--encoding=UTF8',
      '--locale=C',
      `--pgdata=${data}`,
    ];
    const made = startProgram(initdb, args, options);
    made.child.stdout?.resume();
    await made.ended;
    const settings = Object.entries({ ...SETTINGS, unix_socket_directories: this.#folder });
    this.#server = startProgram(
      postgres,
      ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...options,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    await this.#ready(data, this.#server);
  }

  /** The last line of its lock file says when it takes connections. */
  async #ready(data: string, { isRunning, said }: RunningProgram): Promise<void> {
    for (let waited = 0; waited < START_MS; waited += STEP_MS) {
      const lock = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
      if (lock.split('\n')[7]?.trim() === 'ready') {
        return;
      }
      if (!isRunning()) {
        break;
      }
      await wait(STEP_MS);
    }
    throw new Error(`The throw-away PostgreSQL server does not start: ${said()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // At once, without a checkpoint: nobody reads it again.
    await this.#server?.stop('SIGQUIT');
    // What it had started may still write for a moment.
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

interface User {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root. @returns `undefined` where this process is somebody else */
async function userOfServer(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined) {
    throw new Error('PostgreSQL does not run as root, and this machine has neither the user "postgres" nor "nobody".');
  }
  return { uid: Number(found[2]), gid: Number(found[3]) };
}
