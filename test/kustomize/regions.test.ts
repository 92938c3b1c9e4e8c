import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorsOf, type FleetStage, fleetStage } from '../actions/single-proposals/support.js';
import { WorkCopy } from './support.js';

const run = promisify(execFile);
const HOUR = 3_600_000;
const ENVIRONMENTS = ['dev', 'test', 'staging-eu', 'staging-us', 'production-eu', 'production-us'];
const FOLDERS = ['apps', 'platform'].flatMap((group) => ENVIRONMENTS.map((each) => `${group}/overlays/${each}`));

const DONE = { error: '' };

/** What every overlay comes to: by its folder, the objects as text by kind and name. */
type Built = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** How far the clock of GitHub is behind that of the actions. */
let hoursAgo = 24;
let world: FleetStage;
let built: Built;

beforeAll(async () => {
  world = await fleetStage({ now: () => new Date(Date.now() - hoursAgo * HOUR) });
  built = await buildAll();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function buildAll(): Promise<Built> {
  await using copy = await WorkCopy.of(undefined);
  await run('git', ['clone', '--quiet', '--depth=1', `file://${world.fleet.gitDir}`, copy.root]);
  const all = new Map<string, ReadonlyMap<string, string>>();
  const build = async (folder: string) => {
    const objects = await copy.build(folder);
    all.set(folder, new Map(objects.map((object) => [nameOf(object), JSON.stringify(object)])));
  };
  for (const folder of FOLDERS.slice(0, FOLDERS.length / 2)) {
    await Promise.all([build(folder), build(folder.replace('apps', 'platform'))]);
  }
  return all;
}

function nameOf({ kind, metadata }: Record<string, unknown>): string {
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata.name : '';
  return `${String(kind)} ${String(name)}`;
}

/** Builds everything again. @returns the objects that are no longer as they were before, by overlay */
async function changed(): Promise<Record<string, string[]>> {
  const before = built;
  built = await buildAll();
  const differences = FOLDERS.map((folder): [string, string[]] => {
    const [one, other] = [before.get(folder), built.get(folder)];
    const names = [...new Set([...(one?.keys() ?? []), ...(other?.keys() ?? [])])].sort();
    return [folder, names.filter((name) => one?.get(name) !== other?.get(name))];
  });
  return Object.fromEntries(differences.filter(([, names]) => names.length > 0));
}

function objectOf(environment: string, name: string): string | undefined {
  return built.get(`apps/overlays/${environment}`)?.get(name);
}

/** The images of Acme that an environment runs. */
function images(environment: string): string[] {
  const text = [...(built.get(`apps/overlays/${environment}`)?.values() ?? [])].join('\n');
  return [...text.matchAll(/ghcr\.io\/acme\/([a-z-]+:[\d.]+)@sha256:[0-9a-f]{64}/g)].map(([, image = '']) => image);
}

/**
 * Runs a verb that merges what it makes; what the policy wants approved first, a person merges.
 *
 * @returns its outputs, and its error; empty when it succeeded
 */
async function act(action: string, inputs: Record<string, string>) {
  const result = await world.run(action, { merge: 'true', ...inputs }, { PATH: process.env.PATH ?? '' });
  const error = errorsOf(result);
  expect(result.exitCode).toBe(error === '' ? 0 : 1);
  if (result.outputs.action === 'created') {
    await world.mergeAsPerson(Number(result.outputs.number));
  }
  return { error, outputs: result.outputs };
}

/** Runs a verb that is to leave every branch as it is. */
async function changesNothing(action: string, inputs: Record<string, string>) {
  const before = await world.fleet.refs();
  const result = await act(action, inputs);
  expect(await world.fleet.refs()).toEqual(before);
  return result;
}

/** One story: each test goes on where the one before it ended. */
describe('a fleet of six environments', () => {
  test('promotes one region, then the other, and nothing else changes', async () => {
    const before = new Map(['eu', 'us'].map((region) => [region, images(`production-${region}`)]));
    for (const region of ['eu', 'us']) {
      const production = `production-${region}`;
      const host = objectOf(production, 'Ingress tracking');
      expect(before.get(region)).toEqual(['billing:0.6.1', 'tracking-api:1.8.2', 'tracking-worker:1.8.2']);
      expect(await act('promote', { to: production })).toMatchObject(DONE);
      expect(await changed()).toEqual({
        [`apps/overlays/${production}`]: [
          'Deployment billing',
          'Deployment tracking-api',
          'Deployment tracking-worker',
        ],
      });
      expect(images(production)).toEqual(images(`staging-${region}`));
      expect(objectOf(production, 'Deployment billing')).toContain('half-even');
      expect(objectOf(production, 'Ingress tracking')).toBe(host);
      expect(await changesNothing('promote', { to: production })).toMatchObject(DONE);
    }
  }, 120_000);

  test('brings a new service to both stagings at once, without what belongs to the environment it comes from', async () => {
    hoursAgo = 1;
    const inputs = { to: 'staging-eu, staging-us', apps: 'notify' };
    expect((await changesNothing('promote', inputs)).error).toBe(
      'staging-eu does not have notify yet. If it is to run there, promote it with "include-new".\n' +
        'staging-us does not have notify yet. If it is to run there, promote it with "include-new".',
    );
    expect(await act('promote', { ...inputs, 'include-new': 'true' })).toMatchObject(DONE);
    expect(await changed()).toEqual({
      'apps/overlays/staging-eu': ['Deployment notify'],
      'apps/overlays/staging-us': ['Deployment notify'],
    });
    expect(objectOf('test', 'Deployment notify')).toContain('ALL_MAIL_TO');
    expect(objectOf('staging-us', 'Deployment notify')).toContain('BATCH_SIZE');
    expect(objectOf('staging-us', 'Deployment notify')).not.toContain('ALL_MAIL_TO');
  }, 120_000);

  test('lets production wait until the new service has run long enough, or for somebody who says why not', async () => {
    const inputs = { to: 'production-eu', apps: 'notify', 'include-new': 'true' };
    expect((await changesNothing('promote', inputs)).error).toMatch(
      /^notify 0\.1\.0 is in staging-eu since \S+; production-eu takes it after 2h, from \S+ on\. Run it again after that, or /,
    );
    expect(await act('promote', { ...inputs, force: 'true', reason: 'Mails are due today' })).toMatchObject(DONE);
    expect(await changed()).toEqual({ 'apps/overlays/production-eu': ['Deployment notify'] });
    const [commit] = await world.fleet.log('main');
    expect(commit?.message).toContain('Ostack-Reason: Mails are due today\n');
  }, 120_000);

  test('lifts what all share into the base, and every environment stays as it is', async () => {
    expect(await act('lift', { app: 'tracking', patch: 'shutdown' })).toMatchObject(DONE);
    expect(await changed()).toEqual({});
    expect(await world.fleet.read('main', 'apps/base/tracking/shutdown.yaml')).toBeDefined();
    for (const environment of ENVIRONMENTS) {
      const path = `apps/overlays/${environment}/tracking/shutdown.yaml`;
      expect(await world.fleet.read('main', path)).toBeUndefined();
    }
    expect(await changesNothing('lift', { app: 'tracking', patch: 'shutdown' })).toMatchObject(DONE);
  }, 120_000);

  test('takes one region back, leaves what was lifted in the base, and holds the version there', async () => {
    const rollback = { environment: 'production-eu', app: 'tracking', reason: 'Workers lose parcels' };
    expect(await act('rollback', rollback)).toMatchObject(DONE);
    expect(await changed()).toEqual({
      'apps/overlays/production-eu': ['Deployment tracking-api', 'Deployment tracking-worker'],
    });
    expect(images('production-eu')).toEqual([
      'billing:0.7.0',
      'notify:0.1.0',
      'tracking-api:1.8.2',
      'tracking-worker:1.8.2',
    ]);
    expect(objectOf('production-eu', 'Deployment tracking-worker')).toContain('"terminationGracePeriodSeconds":90');
    expect(await changesNothing('rollback', rollback)).toMatchObject(DONE);
    const promotion = await changesNothing('promote', { to: 'production-eu', apps: 'tracking' });
    expect(promotion.error).toBe('');
    expect(promotion.outputs.promotions).toMatch(
      /"state":"held","reason":"tracking in production-eu is held at 1\.8\.2 since \S+ by ada: Workers lose parcels\. /,
    );
  }, 120_000);
});
