import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { durationOf } from '../../runtime/duration.js';
import { decryptStream, decryptWith } from '../space/age.js';
import { parseIdentities } from '../space/age-keys.js';
import { sha256 } from '../space/signature.js';
import type { Space } from '../space/space.js';
import { type Backup, findBackups, folderOf, type Manifest, manifestSchema, PARTS } from './backups.js';
import { type Content, contentSchema, countContent, differences } from './counts.js';
import { newestPsql, programOf } from './postgres-programs.js';
import { PsqlSession } from './psql-session.js';
import { restoreErrors } from './restore-errors.js';
import { ProgramFailure, startProgram } from './start-program.js';
import { ThrowAwayServer } from './throw-away-server.js';

export interface RehearsalOrder {
  space: Space;
  /** Secret keys of age. */
  identity: string;
  name: string;
  /** How old the newest backup may be, in milliseconds; any age where it is not given. */
  maxAgeMs?: number | undefined;
  now: Date;
  signal?: AbortSignal | undefined;
}

/** A backup that was restored. */
export interface Rehearsed {
  backup: Backup;
  manifest: Manifest;
}

/** Most bytes of a manifest, and of the counts: a hundred thousand tables. */
const MANIFEST_BYTES = 64 * 1024;
const CONTENT_BYTES = 32 * 1024 * 1024;
/** How many tables that differ are named. */
const MOST_NAMED = 20;

/**
 * Restores the newest backup into a throw-away server and compares the rows of each table with those that were dumped.
 *
 * @throws Error when there is none, it is too old, has no table, was changed, cannot be decrypted or restored, or has other rows
 */
export async function rehearse(order: RehearsalOrder): Promise<Rehearsed> {
  const { space, identity, signal } = order;
  parseIdentities(identity);
  const backup = newestOf(findBackups(folderOf(order.name), await space.list(folderOf(order.name))), order);
  const manifest = await readManifest(space, backup);
  const content = await readContent(space, backup, manifest, identity);
  if (content.tables.length === 0) {
    throw new Error(
      `${backup.prefix} has no table in it, so that it comes back shows nothing. Look whether the database-url names the database that you mean.`,
    );
  }
  await using server = await ThrowAwayServer.start(manifest.major, signal);
  await using session = new PsqlSession(await newestPsql(), { env: server.connection, signal });
  for (const role of content.roles) {
    await session.ask(`CREATE ROLE "${role.replaceAll('"', '""')}";`);
  }
  await restore(order, backup, manifest, server);
  const found = differences(content, await countContent(session));
  if (found.length > 0) {
    const more = found.length > MOST_NAMED ? [`and ${found.length - MOST_NAMED} more`] : [];
    throw new Error(
      `${backup.prefix} was restored, and has not what was dumped:\n${[...found.slice(0, MOST_NAMED), ...more].join('\n')}`,
    );
  }
  return { backup, manifest };
}

function newestOf(backups: readonly Backup[], { name, maxAgeMs, now }: RehearsalOrder): Backup {
  const newest = backups.find(({ isWhole }) => isWhole);
  if (newest === undefined) {
    const unfinished = backups.length === 0 ? '' : ` ${backups.length} that are not whole are no backups.`;
    throw new Error(`There is no backup of ${name} in the space.${unfinished}`);
  }
  const age = now.getTime() - newest.at.getTime();
  if (maxAgeMs !== undefined && age > maxAgeMs) {
    throw new Error(
      `The newest backup of ${name} is ${durationOf(age - (age % 60_000))} old, expected at most ${durationOf(maxAgeMs)}: look at the runs that should have made one.`,
    );
  }
  return newest;
}

async function readManifest(space: Space, { prefix }: Backup): Promise<Manifest> {
  const bytes = await space.get(`${prefix}/${PARTS.manifest}`, MANIFEST_BYTES);
  const manifest = v.safeParse(v.pipe(v.string(), v.parseJson(), manifestSchema), bytes?.toString('utf8'));
  if (!manifest.success) {
    throw new Error(`${prefix}/${PARTS.manifest} is no manifest: ${manifest.issues[0].message}.`);
  }
  return manifest.output;
}

async function readContent(space: Space, { prefix }: Backup, manifest: Manifest, identity: string): Promise<Content> {
  const key = `${prefix}/${PARTS.content}`;
  const bytes = await space.get(key, CONTENT_BYTES);
  if (bytes === undefined || sha256(bytes) !== manifest.content.sha256) {
    throw changed(key);
  }
  const content = v.safeParse(contentSchema, JSON.parse(decryptWith(identity, bytes).toString('utf8')));
  if (!content.success) {
    throw new Error(`${key} is not what a backup has: ${content.issues[0].message}.`);
  }
  return content.output;
}

async function restore(order: RehearsalOrder, backup: Backup, { major, dump }: Manifest, server: ThrowAwayServer) {
  const key = `${backup.prefix}/${PARTS.dump}`;
  const source = await order.space.getStream(key);
  if (source === undefined) {
    throw changed(key);
  }
  const hash = createHash('sha256');
  const args = ['--no-owner', '--no-privileges', '--no-publications', '--no-subscriptions', '--no-tablespaces'];
  const { child, ended } = startProgram(
    await programOf('pg_restore', major),
    [...args, '--no-password', '--dbname=postgres'],
    {
      env: server.connection,
      signal: order.signal,
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  );
  if (child.stdin === null) {
    throw new Error('pg_restore has no input.');
  }
  const [read, restored] = await Promise.allSettled([
    pipeline(Readable.from(decryptStream(order.identity, hashed(source, hash))), child.stdin),
    ended,
  ]);
  // Its own failure is the reason for a pipe that broke; a file that was changed is the reason for its failure.
  if (read.status === 'rejected' && !isBrokenPipe(read.reason)) {
    throw read.reason;
  }
  if (restored.status === 'rejected') {
    const said = restored.reason instanceof ProgramFailure ? restored.reason.said : String(restored.reason);
    throw new Error(`${backup.prefix} cannot be restored:\n${restoreErrors(said, server.errors).join('\n')}`);
  }
  if (hash.digest('hex') !== dump.sha256) {
    throw changed(key);
  }
}

async function* hashed(
  source: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    hash.update(bytes);
    yield bytes;
  }
}

function isBrokenPipe(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE')
  );
}

function changed(key: string): Error {
  return new Error(`${key} is not what the manifest says: it was changed or deleted after it was written.`);
}
