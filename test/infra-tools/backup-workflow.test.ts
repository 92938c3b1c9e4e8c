import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newIdentity } from '../../src/infra/space/age-keys.js';
import { thisMachine } from '../../src/local/runner/machine.js';
import { createRunner, type StageRunner } from '../../src/local/runner/stage-runner.js';
import { publishActions } from '../../src/local/settings.js';
import { type Stage, startStage } from '../../src/local/stage.js';
import { starter } from '../../src/local/starter.js';
import { at, rest, seal } from '../local/github/support.js';
import { Database } from './support/database.js';
import { SpaceServer } from './support/space-server.js';

const infra = '/repos/acme/infra';

let stage: Stage;
let runner: StageRunner;
let server: SpaceServer;
let database: Database;
const { identity, recipient } = newIdentity();

beforeAll(async () => {
  [stage, server, database] = await Promise.all([startStage(), SpaceServer.start(), Database.start()]);
  await publishActions(stage);
  await database.sql('CREATE TABLE orders AS SELECT generate_series(1, 10) AS id');
  const workflow = (await starter('infra/backup'))
    .replace('https://fra1.digitaloceanspaces.com/acme-backups', server.url)
    .replace(/age1\w+/, recipient);
  await stage.github.createRepository('acme/infra', { files: { '.github/workflows/backup.yml': workflow } });
  const { accessKey, secretKey } = server.keys;
  const space = { SPACE_ACCESS_KEY: accessKey, SPACE_SECRET_KEY: secretKey };
  await keep('ostack-backup', { ...space, DATABASE_URL: database.url() });
  await keep('ostack-restore', { ...space, AGE_IDENTITY: identity });
  runner = await createRunner(stage, { machine: thisMachine() });
});

afterAll(async () => {
  await runner.close();
  await stage.close();
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** An environment with secrets. */
async function keep(name: string, secrets: Record<string, string>): Promise<void> {
  const environment = `${infra}/environments/${name}`;
  await rest(stage, `PUT ${environment}`, {});
  const { body: key } = await rest(stage, `GET ${environment}/secrets/public-key`);
  for (const [secret, value] of Object.entries(secrets)) {
    await rest(stage, `PUT ${environment}/secrets/${secret}`, {
      ...{ encrypted_value: await seal(value, at(key, 'key')), key_id: at(key, 'key_id') },
    });
  }
}

describe('From its starter, through the reusable workflow and two environments,', () => {
  test('a database is backed up, and restored on trial by a job that never sees it', async () => {
    await rest(stage, `POST ${infra}/actions/workflows/backup.yml/dispatches`, { ref: 'main' });
    await runner.idle();
    expect(runner.problems).toEqual([]);
    const [run] = runner.runs;
    expect(run).toMatchObject({ workflow: 'Backup', conclusion: 'success' });
    expect(Object.fromEntries(run?.jobs.map((job) => [job.id, job.conclusion]) ?? [])).toMatchObject({
      'backup/backup': 'success',
      'backup/rehearse': 'success',
    });
    const keys = (await server.space.list('backups/shop/')).map(({ key }) => key.split('/').at(-1));
    expect(keys).toEqual(['content.age', 'dump.age', 'manifest.json']);
  });
});
