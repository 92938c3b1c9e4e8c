import { expect, test } from '@jest/globals';
import { HOLDS_FILE, readHolds } from '../../../src/ops/policy/holds.js';
import { opsStage } from '../bump-ops-overlay/support.js';
import { errorsOf, run } from '../rollback/support.js';

const FILES = {
  'ostack.yaml':
    'roots: { "clusters/production": { environment: production }, net: {} }\nenvironments: { production: { approvers: [grace] } }\n',
  'net/main.tf': 'terraform {}\n',
  'clusters/production/main.tf': 'terraform {}\n',
};
const ROOT = { environment: 'production', app: 'clusters/production', reason: 'audit' };

test('A root of an infra repository is held and let go, and what nobody has is not held', async () => {
  await using world = await opsStage(FILES);
  const holds = async () => readHolds(await world.ops.read('main', HOLDS_FILE));
  const held = await run(world, 'hold', ROOT);
  expect([errorsOf(held), held.outputs.action]).toEqual(['', 'committed']);
  expect(held.stdout).not.toContain('::warning');
  expect(await holds()).toMatchObject([{ environment: 'production', app: 'clusters/production', by: 'ada' }]);
  expect((await run(world, 'hold', ROOT)).outputs.action).toBe('unchanged');
  expect(errorsOf(await run(world, 'hold', { ...ROOT, app: 'clusters/staging' }))).toContain('There is no root');

  const lifted = await run(world, 'lift-hold', ROOT);
  expect([errorsOf(lifted), lifted.outputs.action]).toEqual(['', 'committed']);
  expect(await holds()).toEqual([]);
});

test('Where rules guard the branch, holds of roots come and go by pull requests', async () => {
  await using world = await opsStage(FILES);
  const held = await run(world, 'hold', { ...ROOT, direct: 'false', merge: 'false' });
  expect([errorsOf(held), held.outputs.action]).toEqual(['', 'created']);
  const [pull] = await world.pulls();
  expect(pull?.body).toContain('nothing that changes it is merged or applied');
  await run(world, 'hold', ROOT);
  const lifted = await run(world, 'lift-hold', { ...ROOT, direct: 'false' });
  expect([errorsOf(lifted), lifted.outputs.action]).toEqual(['', 'created']);
});

test('Other verbs know no infra repository', async () => {
  await using world = await opsStage(FILES);
  expect(errorsOf(await run(world, 'rollback', { environment: 'production' }))).toContain('unknown key "roots"');
});
