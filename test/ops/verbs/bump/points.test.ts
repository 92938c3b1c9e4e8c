import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stage, startStage } from '../../../../src/local/stage.js';
import { bump } from '../../../../src/ops/verbs/bump/bump.js';
import { type OpsWorld, opsFiles, opsWorld, releaseRequest } from '../../../torture/races/ops-world.js';

/** With `OSTACK_APPS=200` it takes minutes, and at most 200 points. */
const MANY = Number(process.env.OSTACK_APPS ?? 12);
const apps = Array.from({ length: MANY }, (_, index) => `app-${index}`);

let stage: Stage;
let world: OpsWorld;
beforeAll(async () => {
  stage = await startStage();
  world = await opsWorld(stage, opsFiles(apps));
}, 60_000);
afterAll(() => stage.close());

/** Points that a release of all apps into both environments costs. */
async function pointsOf(version: string): Promise<number> {
  const { connected } = world.connected('ostack[bot]');
  stage.github.requests.length = 0;
  const request = {
    ...releaseRequest(world, '', version),
    apps: apps.flatMap((app) => releaseRequest(world, app, version).apps),
  };
  const { failures, results } = await bump(connected, undefined, request, { timeoutMs: 0, pollMs: 0, contentMs: 0 });
  expect([failures, results.length]).toEqual([[], 2 * MANY]);
  return stage.github.requests.reduce((sum, { points = 0 }) => sum + points, 0);
}

test('a release costs less than half a point an app and environment, the first one and the next', async () => {
  for (const version of ['1.1.0', '1.2.0']) {
    expect(await pointsOf(version)).toBeLessThanOrEqual(MANY);
  }
}, 600_000);
