import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Stage, seededDelays, startStage } from '../../../../src/local/stage.js';
import { addHold, HOLDS_FILE, readHolds } from '../../../../src/ops/policy/holds.js';
import { liftHolds } from '../../../../src/ops/verbs/lift-hold/lift-hold.js';
import { justBefore } from '../../../support/just-before.js';
import { opsFiles, opsWorld, PATIENCE } from '../../../torture/races/ops-world.js';

const HOLD = { environment: 'staging', app: 'shop', version: '1.0.0', since: '2026-11-01T12:00:00Z', by: 'bob' };
const NEWER = { ...HOLD, version: '0.9.0', since: '2026-11-02T12:00:00Z', reason: 'Still broken' };

let stage: Stage;
beforeAll(async () => {
  stage = await startStage({ delays: seededDelays(9) });
});
afterEach(() => stage.github.guard(undefined));
afterAll(() => stage.close());

test.each([
  ['CommitProposal', true],
  ['WriteProposals', false],
  ['FinishProposals', false],
])('a hold that comes right before %s is not lifted by a run that began earlier', async (operation, direct) => {
  const files = { ...opsFiles(['shop']), [HOLDS_FILE]: addHold(undefined, HOLD) };
  await using world = await opsWorld(stage, files);
  justBefore(stage, operation, () =>
    world.ops.commit('main', { [HOLDS_FILE]: addHold(undefined, NEWER) }, 'Roll back further'),
  );
  const request = { environment: 'staging', apps: ['shop'], reason: undefined, by: 'ada', merge: 'true' as const };
  const { results, failures } = await liftHolds(
    world.connected('ada').connected,
    { ...request, labels: [], runUrl: '' },
    {
      ...{ reviewers: [], assignees: [], dryRun: false, direct, mergeMethod: undefined },
      ...{ patience: PATIENCE, serverUrl: stage.serverUrl },
    },
  );
  expect(failures).toEqual([]);
  expect(results[0]?.reason).toBe(
    'shop in staging is held at 0.9.0 since 2026-11-02T12:00:00Z by bob: Still broken. That came meanwhile: run it again to lift it',
  );
  expect(readHolds(await world.ops.read('main', HOLDS_FILE))).toEqual([NEWER]);
});
