import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RepositoryOptions, type Stage, startStage } from '../../../src/local/stage.js';
import { addHold, HOLDS_FILE, readHolds } from '../../../src/ops/policy/holds.js';
import { type Pair, playGaps } from './gaps.js';
import { gitAlone } from './git-alone.js';
import { expectForwards, expectTidy } from './invariants.js';
import { type OpsWorld, opsFiles, opsWorld, overlay, overlayPath, release, versionIn } from './ops-world.js';
import { LONGEST_MS, playSchedules, type Schedule } from './schedules.js';
import { lift, promotion, rollback } from './verbs.js';

const POLICY = 'environments:\n  staging: { cd: true }\n  production: { after: staging, cd: true }\n';
const HOLD = { environment: 'staging', app: 'shop', version: '1.0.0', since: '2026-01-01T00:00:00Z', by: 'ada' };
const IS_ALL = process.env.OSTACK_TORTURE === 'all';

let stage: Stage;
let path: string | undefined;
beforeAll(async () => {
  stage = await startStage();
  path = process.env.PATH;
  process.env.PATH = await gitAlone(stage.stateDir);
});
afterAll(async () => {
  process.env.PATH = path;
  await stage.close();
});

describe('a run wholly between two requests of another', () => {
  const releasing = (world: OpsWorld) => release(world, 'shop', '1.2.0', ['staging']);
  const backInStaging = (world: OpsWorld) => rollback(world, 'shop', '1.0.0');
  const backAtOnce = (world: OpsWorld) => rollback(world, 'shop', '1.0.0', { direct: true });
  const backInProduction = (world: OpsWorld) => rollback(world, 'shop', '1.0.0', { environment: 'production' });
  const everything = (world: OpsWorld) => promotion(world);
  const lifting = (world: OpsWorld) => lift(world, 'shop', false);
  const inStaging = { world: plainWorld, check: (world: OpsWorld) => expectHeld(world, 'staging') };
  const inProduction = { world: newerInStaging, check: (world: OpsWorld) => expectHeld(world, 'production') };
  const whatIsHeld = { world: deployedWorld, check: expectHoldIsRun };

  const pairs: Omit<Pair, 'file'>[] = [
    { name: 'a rollback during a release', outer: releasing, inner: backInStaging, ...inStaging },
    { name: 'a rollback at once during a release', outer: releasing, inner: backAtOnce, ...inStaging },
    { name: 'a release during a rollback', outer: backInStaging, inner: releasing, ...inStaging },
    { name: 'a release during a rollback at once', outer: backAtOnce, inner: releasing, ...inStaging },
    { name: 'a rollback during a promotion', outer: everything, inner: backInProduction, ...inProduction },
    { name: 'a promotion during a rollback', outer: backInProduction, inner: everything, ...inProduction },
    {
      ...{ name: 'a rollback during another', ...whatIsHeld },
      ...{ outer: backInStaging, inner: (world) => rollback(world, 'shop', '1.1.0') },
    },
    { name: 'a release during a lift', outer: lifting, inner: releasing, world: heldWorld, check: expectFree },
    { name: 'a lift during a release', outer: releasing, inner: lifting, world: heldWorld, check: expectFree },
  ];
  test.each(IS_ALL ? pairs : pairs.slice(0, 1))(
    '$name',
    (pair) => playGaps(stage, { ...pair, file: import.meta.filename }),
    LONGEST_MS,
  );
});

describe('what is held', () => {
  test.each([
    ['stays held while releases race with it', releases],
    ['stays held while a promotion races with it', promotions],
    ['is what one of two rollbacks holds', twoRollbacks],
    ['is lifted, and a release comes in or waits', lifted],
  ])(
    '%s',
    (name, play) => playSchedules({ stage, name, file: import.meta.filename, schedules: { all: 25, short: 0 } }, play),
    LONGEST_MS,
  );
});

async function releases({ race, pick }: Schedule): Promise<void> {
  await using world = await plainWorld([pick(['merge', 'squash', 'rebase'])]);
  const versions = pick([['1.2.0'], ['1.2.0', '1.3.0'], ['1.2.0', '1.3.0', '1.4.0']]);
  await race([
    ...versions.map((version) => release(world, 'shop', version, ['staging'])),
    rollback(world, 'shop', '1.0.0', { direct: pick([true, false]) }),
  ]);
  await expectHeld(world, 'staging');
}

async function promotions({ race, pick }: Schedule): Promise<void> {
  await using world = await newerInStaging([pick(['merge', 'squash', 'rebase'])]);
  await race([
    promotion(world),
    rollback(world, 'shop', '1.0.0', { environment: 'production', direct: pick([true, false]) }),
  ]);
  await expectHeld(world, 'production');
}

/** Two people go back to different versions: the environment runs the one that is held. */
async function twoRollbacks({ race, pick }: Schedule): Promise<void> {
  await using world = await deployedWorld();
  await race([
    rollback(world, 'shop', '1.0.0'),
    rollback(world, 'shop', pick(['1.0.0', '1.1.0'])),
    release(world, 'shop', '1.3.0', ['staging']),
  ]);
  await expectHoldIsRun(world);
}

async function lifted({ race, pick }: Schedule): Promise<void> {
  await using world = await heldWorld([pick(['merge', 'squash', 'rebase'])]);
  await race([lift(world, 'shop', pick([true, false])), release(world, 'shop', '1.2.0', ['staging'])]);
  await expectFree(world);
}

type Methods = RepositoryOptions['mergeMethods'];

function worldWith(files: Record<string, string>, mergeMethods: Methods): Promise<OpsWorld> {
  const all = { ...opsFiles(['shop']), 'ostack.yaml': POLICY, ...files };
  return opsWorld(stage, all, mergeMethods === undefined ? {} : { mergeMethods });
}

function plainWorld(mergeMethods?: Methods): Promise<OpsWorld> {
  return worldWith({}, mergeMethods);
}

function newerInStaging(mergeMethods?: Methods): Promise<OpsWorld> {
  return worldWith({ [overlayPath('staging', 'shop')]: overlay('shop', '1.1.0') }, mergeMethods);
}

function heldWorld(mergeMethods?: Methods): Promise<OpsWorld> {
  return worldWith({ [HOLDS_FILE]: addHold(undefined, HOLD) }, mergeMethods);
}

/** Staging had 1.0.0 and 1.1.0 and has 1.2.0. */
async function deployedWorld(): Promise<OpsWorld> {
  const world = await plainWorld();
  for (const version of ['1.1.0', '1.2.0']) {
    await world.ops.commit('main', { [overlayPath('staging', 'shop')]: overlay('shop', version) }, version);
  }
  return world;
}

async function expectHeld(world: OpsWorld, environment: string): Promise<void> {
  const holds = readHolds(await world.ops.read('main', HOLDS_FILE));
  expect(holds).toMatchObject([{ app: 'shop', environment, version: '1.0.0' }]);
  expect(await versionOf(world, environment)).toBe('1.0.0');
  await expectForwards(world, [{ environment, app: 'shop' }]);
  await expectTidy(world);
}

async function expectHoldIsRun(world: OpsWorld): Promise<void> {
  const holds = readHolds(await world.ops.read('main', HOLDS_FILE));
  expect(holds).toHaveLength(1);
  expect(await versionOf(world, 'staging')).toBe(holds[0]?.version);
  await expectTidy(world);
}

/** The hold is gone; whether the release came in depends on which was first. */
async function expectFree(world: OpsWorld): Promise<void> {
  expect(readHolds(await world.ops.read('main', HOLDS_FILE))).toEqual([]);
  expect(['1.0.0', '1.2.0']).toContain(await versionOf(world, 'staging'));
  await expectForwards(world, [{ environment: 'staging', app: 'shop' }]);
  await expectTidy(world);
}

async function versionOf(world: OpsWorld, environment: string): Promise<string | undefined> {
  return versionIn(await world.ops.read('main', overlayPath(environment, 'shop')));
}
