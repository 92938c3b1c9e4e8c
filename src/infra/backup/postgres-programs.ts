import { execFile } from 'node:child_process';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export type PostgresProgram = 'psql' | 'pg_dump' | 'pg_restore' | 'initdb' | 'postgres';

/** Where packages put the programs of a major version: Debian and Ubuntu, Fedora, Homebrew. */
const PLACES = ['/usr/lib/postgresql/{}/bin', '/usr/pgsql-{}/bin', '/opt/homebrew/opt/postgresql@{}/bin'];
/** Those that come with the server, not with the client. */
const OF_THE_SERVER = new Set<PostgresProgram>(['initdb', 'postgres']);
const run = promisify(execFile);

/**
 * The program of one major version. `pg_dump` reads no server that is newer, and what a newer one writes cannot always be
 * restored to that server; so it is the server's own version or none.
 *
 * @returns its path
 * @throws Error with the lines that install it
 */
export async function programOf(program: PostgresProgram, major: number): Promise<string> {
  for (const place of PLACES) {
    const path = join(place.replace('{}', String(major)), program);
    if (await isThere(path)) {
      return path;
    }
  }
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, program);
    if ((await isThere(path)) && (await majorOf(path)) === major) {
      return path;
    }
  }
  const wanted = OF_THE_SERVER.has(program) ? `postgresql-${major}` : `postgresql-client-${major}`;
  throw new Error(
    `${program} of PostgreSQL ${major} is not on this machine, neither in ${PLACES[0]?.replace('{}', String(major))} nor in PATH. ` +
      `On Debian and Ubuntu: sudo apt-get install -y postgresql-common && ` +
      `sudo /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && sudo apt-get install -y ${wanted}`,
  );
}

/** The newest `psql` there is: each speaks to servers of any version. @throws Error when there is none */
export async function newestPsql(): Promise<string> {
  const majors = await readdir('/usr/lib/postgresql').catch(() => []);
  const newestFirst = majors.filter((name) => /^\d+$/.test(name)).sort((one, other) => Number(other) - Number(one));
  for (const path of newestFirst.map((major) => `/usr/lib/postgresql/${major}/bin/psql`)) {
    if (await isThere(path)) {
      return path;
    }
  }
  if ((await majorOf('psql')) === undefined) {
    throw new Error('psql is not on this machine. On Debian and Ubuntu: sudo apt-get install -y postgresql-client');
  }
  return 'psql';
}

async function majorOf(path: string): Promise<number | undefined> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    const major = /\) (\d+)/.exec(stdout)?.[1];
    return major === undefined ? undefined : Number(major);
  } catch {
    return undefined;
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
