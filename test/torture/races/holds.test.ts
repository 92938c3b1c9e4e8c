import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { readHolds } from '../../../src/ops/holds.js';
import { expectForwards, expectTidy } from './invariants.js';
import { type OpsWorld, opsFiles, opsWorld, overlay, overlayPath, release, versionIn } from './ops-world.js';
import { playSchedules, type Schedule } from './schedules.js';
import { promotion, rollback } from './verbs.js';

const POLICY = 'environments:\n  staging: { cd: true }\n  production: { after: staging, cd: true }\n';

describe('what a rollback holds', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage.close());

  test.each([
    ['stays held while releases race with it', releases],
    ['stays held while a promotion races with it', promotions],
  ])(
    '%s',
    (name, play) => {
      const scenario = { stage, name, file: import.meta.filename, schedules: { all: 150, short: 1 } };
      return playSchedules(scenario, (schedule) => play(stage, schedule));
    },
    600_000,
  );
});

async function releases(stage: Stage, { race, pick }: Schedule): Promise<void> {
  const files = { ...opsFiles(['shop']), 'ostack.yaml': POLICY };
  await using world = await opsWorld(stage, files, { mergeMethods: [pick(['merge', 'squash', 'rebase'])] });
  const versions = pick([['1.2.0'], ['1.2.0', '1.3.0']]);
  await race([
    ...versions.map((version) => release(world, 'shop', version, ['staging'])),
    rollback(world, 'shop', '1.0.0'),
  ]);
  await expectHeld(world, 'staging');
}

async function promotions(stage: Stage, { race, pick }: Schedule): Promise<void> {
  const newer = { [overlayPath('staging', 'shop')]: overlay('shop', '1.1.0') };
  const files = { ...opsFiles(['shop']), ...newer, 'ostack.yaml': POLICY };
  await using world = await opsWorld(stage, files, { mergeMethods: [pick(['merge', 'squash', 'rebase'])] });
  await race([promotion(world), rollback(world, 'shop', '1.0.0', 'production')]);
  await expectHeld(world, 'production');
}

async function expectHeld(world: OpsWorld, environment: string): Promise<void> {
  const holds = readHolds(await world.ops.read('main', '.ostack/holds.yaml'));
  expect(holds).toMatchObject([{ app: 'shop', environment, version: '1.0.0' }]);
  expect(versionIn(await world.ops.read('main', overlayPath(environment, 'shop')))).toBe('1.0.0');
  await expectForwards(world, [{ environment, app: 'shop' }]);
  await expectTidy(world);
}
