import { readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findBackups, folderOf, PARTS } from '../../src/infra/backup/backups.js';
import { makeBackup } from '../../src/infra/backup/make-backup.js';
import { rehearse } from '../../src/infra/backup/rehearse.js';
import { retain } from '../../src/infra/backup/retain.js';
import { encryptTo } from '../../src/infra/space/age.js';
import { newIdentity } from '../../src/infra/space/age-keys.js';
import { runAction } from '../support/run-action.js';
import { Database } from './support/database.js';
import { SpaceServer } from './support/space-server.js';

/** What backups trip over: names that need quotes, partitions, rights of roles, extensions, large objects, no rows. */
const CONTENT = `
CREATE ROLE "reader's ""role""";
CREATE ROLE nobody_much LOGIN;
CREATE SCHEMA "odd schema";
CREATE EXTENSION pgcrypto;
CREATE TABLE people (id serial PRIMARY KEY, mail text UNIQUE, born date);
INSERT INTO people (mail) SELECT 'person-' || n || '@acme.dev' FROM generate_series(1, 1000) n;
CREATE TABLE "odd schema"."it's ""odd"" ü" (a int);
INSERT INTO "odd schema"."it's ""odd"" ü" VALUES (1), (2);
CREATE TABLE events (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events SELECT '2026-05-05', 'x' FROM generate_series(1, 50);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON people TO "reader's ""role""" USING (mail LIKE 'person-1%');
CREATE MATERIALIZED VIEW mails AS SELECT mail FROM people;
SELECT lo_from_bytea(0, 'a large object');
GRANT USAGE ON SCHEMA "odd schema" TO nobody_much;
`;

let server: SpaceServer;
let database: Database;
const { identity, recipient: recipients } = newIdentity();
/** Each test has backups of a name of its own. */
let name = '';
let count = 0;

beforeAll(async () => {
  [server, database] = await Promise.all([SpaceServer.start(), Database.start()]);
  await database.sql(CONTENT);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(() => {
  name = `shop-${count++}`;
});

const make = (at = new Date(), user?: string) =>
  makeBackup({ space: server.space, connection: database.connection(user), recipients, name, at, random: 'ab' });
const rehearsal = (given: { identity?: string; maxAgeMs?: number } = {}) =>
  rehearse({ space: server.space, identity, name, now: new Date(), ...given });
const found = async () => findBackups(folderOf(name), await server.space.list(folderOf(name)));

describe('A backup of a real database', () => {
  test('has what was in it at one moment, although rows come in meanwhile, and is restored on trial', async () => {
    await database.sql('CREATE TABLE busy (n int); INSERT INTO busy SELECT generate_series(1, 500)');
    const writing = (async () => {
      for (let n = 0; n < 20; n++) {
        await database.sql(`INSERT INTO busy VALUES (${n}); DELETE FROM busy WHERE n > ${490 - n}`);
      }
    })();
    const { manifest, prefix } = await make();
    await writing;
    expect(manifest).toMatchObject({ version: 1, major: database.major, tables: 4 });
    const { backup } = await rehearsal({ maxAgeMs: 60_000 });
    expect(backup).toMatchObject({ prefix, isWhole: true });
    await database.sql('DROP TABLE busy');
  });

  test('shows nothing of the database to whoever has the space, but sizes', async () => {
    const { prefix, manifest } = await make();
    expect(manifest).toMatchObject({ tables: 3, rows: 1052 });
    for (const part of Object.values(PARTS)) {
      const bytes = await readFile(server.pathOf(`${prefix}/${part}`));
      expect(bytes.toString('latin1')).not.toMatch(/people|acme|PGDMP|reader/);
    }
  });

  test('is none when the dump fails on its way, whatever came before', async () => {
    await expect(make(new Date(), 'nobody_much')).rejects.toThrow(/permission denied for (?:table|schema)/);
    expect(await found()).toEqual([]);
    await expect(make(new Date(), 'somebody_else')).rejects.toThrow('role "somebody_else" does not exist');
    await expect(rehearsal()).rejects.toThrow(`There is no backup of ${name} in the space.`);
  });

  test.each([0, 100, 300])('that is cancelled after %i ms leaves no backup, no server and no folder', async (ms) => {
    const cancelled = async (work: (signal: AbortSignal) => Promise<unknown>) => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(), ms);
      const said = await work(controller.signal).then(
        () => 'done before',
        (error: unknown) => String(error),
      );
      clearTimeout(timer);
      return said;
    };
    const order = { space: server.space, name };
    const dumping = { ...order, connection: database.connection(), recipients, at: new Date(), random: 'cd' };
    expect(await cancelled((signal) => makeBackup({ ...dumping, signal }))).toMatch(
      /^done before$|The run was cancelled, and \w+ was ended/,
    );
    name = `${name}-again`;
    await make();
    const servers = async () => (await readdir(tmpdir())).filter((folder) => folder.startsWith('ostack-restore-'));
    const before = await servers();
    const trial = { ...order, name, identity, now: new Date() };
    expect(await cancelled((signal) => rehearse({ ...trial, signal }))).toMatch(
      /^done before$|The run was cancelled, and \w+ was ended/,
    );
    expect(await servers()).toEqual(before);
    expect(await found()).toMatchObject([{ isWhole: true }]);
  });

  test('is the newest only when it is whole', async () => {
    const { prefix } = await make(new Date(Date.now() - 60_000));
    const half = prefix.replace(/[^/]+$/, '20991231T000000Z-ab');
    await server.space.put(`${half}/${PARTS.dump}`, Buffer.from('half'));
    expect((await rehearsal()).backup.prefix).toBe(prefix);
    await server.space.remove(`${prefix}/${PARTS.manifest}`);
    await expect(rehearsal()).rejects.toThrow('2 that are not whole are no backups');
  });

  test('that is too old is noticed', async () => {
    await make(new Date(Date.now() - 3 * 3600_000));
    await expect(rehearsal({ maxAgeMs: 2 * 3600_000 })).rejects.toThrow('3h old, expected at most 2h');
  });

  test('that was changed, cut, swapped or is for others is not restored', async () => {
    const { prefix } = await make(new Date(Date.now() - 60_000));
    const path = server.pathOf(`${prefix}/${PARTS.dump}`);
    const bytes = await readFile(path);
    const tries: [Buffer, RegExp][] = [
      [
        Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]),
        /was changed, or its end is missing/,
      ],
      [bytes.subarray(0, bytes.length >> 1), /was changed, or its end is missing/],
      [Buffer.from('nothing'), /ends within its header/],
      // Whoever has the space knows the public key.
      [encryptTo(recipients, Buffer.from('PGDMP')), /cannot be restored/],
    ];
    for (const [content, message] of tries) {
      await writeFile(path, content);
      await expect(rehearsal()).rejects.toThrow(message);
    }
    await writeFile(path, bytes);
    await expect(rehearsal({ identity: newIdentity().identity })).rejects.toThrow('encrypted to other keys');
    expect((await rehearsal()).backup.prefix).toBe(prefix);
    const other = await make();
    await writeFile(path, await readFile(server.pathOf(`${other.prefix}/${PARTS.dump}`)));
    await server.space.remove(`${other.prefix}/${PARTS.manifest}`);
    await expect(rehearsal()).rejects.toThrow('was changed or deleted after it was written');
  });

  test('is deleted when it is kept no longer, and the newest never is', async () => {
    const day = 24 * 3600_000;
    // At a day of a month on which a month has begun in none of the last two days.
    const now = new Date('2026-11-20T12:00:00Z');
    for (const ago of [0, 1, 2, 40]) {
      await make(new Date(now.getTime() - ago * day));
    }
    const all = await found();
    const deleted = await retain(server.space, name, { days: 2, weeks: 0, months: 2 }, now);
    expect(deleted.map(({ prefix }) => prefix)).toEqual(all[2] === undefined ? [] : [all[2].prefix]);
    await retain(server.space, name, { days: 1, weeks: 0, months: 0 }, new Date(now.getTime() + 400 * day));
    expect(await found()).toEqual(all.slice(0, 1));
  });
});

describe('The action backup-database', () => {
  const run = (inputs: Record<string, string>) => {
    const { accessKey, secretKey } = server.keys;
    const space = { space: server.url, 'access-key': accessKey, 'secret-key': secretKey, name };
    return runAction({ action: 'backup-database', inputs: { ...space, ...inputs } });
  };

  test('makes a backup, tries it and deletes old ones, and no secret reaches log or summary', async () => {
    await make(new Date(Date.now() - 60_000));
    const url = database.url(undefined, 'hunter2-password');
    const made = await run({ 'database-url': url, recipients, identity, keep: '1 day', 'max-age': '1h' });
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(made.outputs.backup).toMatch(new RegExp(`^backups/${name}/\\d{8}T\\d{6}Z-[0-9a-f]{8}$`));
    expect(made.outputs.rehearsed).toBe(made.outputs.backup);
    expect(JSON.parse(made.outputs.deleted ?? '')).toHaveLength(1);
    expect(made.summary).toContain('with the same 1052 rows in 3 tables as were dumped');
    const shown = made.stdout.replace(/^::add-mask::.*$/gm, '') + made.summary;
    expect(shown).not.toMatch(/hunter2|AGE-SECRET|a-secret-of-the-tests|people/);
  });

  test('of a database without a table deletes none that has some, says so, and shows nothing by a restore', async () => {
    await make(new Date(Date.now() - 3 * 24 * 3600_000));
    await database.sql('CREATE DATABASE hollow');
    const url = database.url().replace('/postgres?', '/hollow?');
    const empty = await run({ 'database-url': url, recipients, keep: '1 day' });
    expect([empty.exitCode, empty.outputs.deleted]).toEqual([0, '[]']);
    expect(empty.stdout).toContain('::warning::There is no table in the database, so no older backup is deleted');
    expect(empty.summary).toContain('Look whether the database-url names the database that you mean.');
    expect(await found()).toHaveLength(2);
    expect((await run({ identity })).stdout).toContain('has no table in it, so that it comes back shows nothing.');
  });

  test('fails with what to do, and deletes nothing then', async () => {
    await make(new Date(Date.now() - 3 * 24 * 3600_000));
    const failed = await run({ identity, keep: '1 day', 'max-age': '26h' });
    expect(failed).toMatchObject({ exitCode: 1, outputs: {} });
    expect(failed.stdout).toContain('look at the runs that should have made one');
    expect(await found()).toHaveLength(1);
    expect((await run({})).stdout).toContain('There is nothing to do: pass "database-url"');
    expect((await run({ 'database-url': database.url() })).stdout).toContain('Input "recipients" is missing');
  });
});
