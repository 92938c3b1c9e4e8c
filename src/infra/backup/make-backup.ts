import { encryptStream, encryptTo } from '../space/age.js';
import { parseRecipients } from '../space/age-keys.js';
import { sha256 } from '../space/signature.js';
import type { Space } from '../space/space.js';
import type { Written } from '../space/written.js';
import { type Manifest, PARTS, prefixOf } from './backups.js';
import type { Connection } from './connection.js';
import { type Content, countContent, rowsOf } from './counts.js';
import { newestPsql, programOf } from './postgres-programs.js';
import { PsqlSession } from './psql-session.js';
import { startProgram } from './start-program.js';

export interface BackupOrder {
  space: Space;
  connection: Connection;
  /** Public keys of age. */
  recipients: string;
  /** What the backups of this database are called. */
  name: string;
  at: Date;
  /** Hexadecimal digits that tell two backups of one second apart. */
  random: string;
  signal?: AbortSignal | undefined;
}

/** A backup that is whole. */
export interface MadeBackup {
  prefix: string;
  manifest: Manifest;
}

/** Nothing of the server's or the user's settings ends the transaction before the dump has begun and all is counted. */
const PREPARE = `SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
SET row_security = off; SET search_path = pg_catalog;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;`;

/**
 * Dumps a database into a space, encrypted on the way. Rows are counted in the very snapshot that is dumped, so that a restore
 * can be compared. The manifest is written last, after a look at what is there: whatever ends it before, there is no backup.
 *
 * @throws Error when anything fails; what is left then is no backup, and retention deletes it a day later
 */
export async function makeBackup(order: BackupOrder): Promise<MadeBackup> {
  const { space, name, at, random } = order;
  parseRecipients(order.recipients);
  const prefix = prefixOf(name, at, random);
  const { major, dump, content } = await dumpAndCount(order, `${prefix}/${PARTS.dump}`);
  const encrypted = encryptTo(order.recipients, Buffer.from(JSON.stringify(content)));
  await space.put(`${prefix}/${PARTS.content}`, encrypted);
  const manifest: Manifest = {
    version: 1,
    at: at.toISOString(),
    major,
    tables: content.tables.length,
    rows: rowsOf(content),
    dump,
    content: { bytes: encrypted.length, sha256: sha256(encrypted) },
  };
  await requireThere(space, prefix, manifest);
  await space.put(`${prefix}/${PARTS.manifest}`, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return { prefix, manifest };
}

async function dumpAndCount(
  order: BackupOrder,
  key: string,
): Promise<{ major: number; dump: Written; content: Content }> {
  const { space, connection, signal } = order;
  await using session = new PsqlSession(await newestPsql(), { env: connection, signal });
  await session.ask(PREPARE);
  const [version = '', snapshot = ''] = await session.ask(
    "SELECT current_setting('server_version_num'); SELECT pg_export_snapshot();",
  );
  const major = Math.floor(Number(version) / 10_000);
  const program = await programOf('pg_dump', major);
  const dumping = space.putStream(key, encryptStream(order.recipients, dumpOf(program, snapshot, order)));
  const counting = countContent(session);
  // Both read the snapshot at once, and both have ended before the session does. Where counting
  // fails, its session ends, and the dump fails for that.
  await Promise.allSettled([dumping, counting]);
  const content = await counting;
  return { major, dump: await dumping, content };
}

/** The dump, which ends with an error when `pg_dump` does: then nobody takes what came before for all of it. */
async function* dumpOf(program: string, snapshot: string, { connection, signal }: BackupOrder): AsyncGenerator<Buffer> {
  const args = ['--format=custom', '--no-password', '--lock-wait-timeout=60s', `--snapshot=${snapshot}`];
  const { child, ended, stop } = startProgram(program, args, { env: connection, signal });
  const { stdout } = child;
  try {
    if (stdout !== null) {
      yield* stdout;
    }
    await ended;
  } finally {
    await stop();
  }
}

/** @throws Error when the space lists other sizes than were written */
async function requireThere(space: Space, prefix: string, { dump, content }: Manifest): Promise<void> {
  const sizes = new Map((await space.list(`${prefix}/`)).map(({ key, size }) => [key, size]));
  for (const [part, bytes] of [
    [PARTS.dump, dump.bytes],
    [PARTS.content, content.bytes],
  ] as const) {
    const found = sizes.get(`${prefix}/${part}`);
    if (found !== bytes) {
      throw new Error(`The space has ${found ?? 'no'} bytes of ${prefix}/${part}, expected ${bytes}: it is no backup.`);
    }
  }
}
