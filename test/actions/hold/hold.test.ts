import { expect, test } from '@jest/globals';
import { HOLDS_FILE, readHolds } from '../../../src/ops/policy/holds.js';
import { OPS_FILES, type OpsStage, opsStage, overlay } from '../bump-ops-overlay/support.js';
import { deployedStage, errorsOf, run, STAGING } from '../rollback/support.js';

const STOP = { environment: '*', app: '*', reason: 'Database is down' };

const holds = async ({ ops }: OpsStage) => readHolds(await ops.read('main', HOLDS_FILE));

test('everything is held by one commit, releases stay out until somebody lifts it, and a rollback goes through', async () => {
  await using world = await deployedStage();
  const held = await run(world, 'hold', STOP);
  expect([errorsOf(held), held.outputs.action]).toEqual(['', 'committed']);
  expect(held.requests).toMatchInlineSnapshot(`
[
  "OpenOps",
  "ReadOps",
  "CommitProposal",
  "HoldPulls",
]
`);
  expect(await holds(world)).toMatchObject([{ ...STOP, by: 'ada' }]);
  const again = await run(world, 'hold', { ...STOP, reason: 'Me too' });
  expect(again.outputs.action).toBe('unchanged');
  expect(again.summary).toContain('there is a hold already: everything in every environment is held since');
  expect(again.summary).toContain('by ada: Database is down');

  const bumped = await world.bump({ tag: '1.6.0', digest: '', environments: 'staging', 'apps-token': '' });
  expect(bumped.summary).toContain('held with everything since');
  expect(await world.ops.read('main', STAGING)).toBe(overlay('1.5.0'));

  const narrow = await run(world, 'lift-hold');
  expect(narrow.summary).toContain('lift\\-hold with the environment "\\*" and the app "\\*" lifts that');
  const back = await run(world, 'rollback', { direct: 'true' });
  expect([errorsOf(back), await world.ops.read('main', STAGING)]).toEqual(['', overlay('1.4.0')]);
  await run(world, 'lift-hold');
  const lifted = await run(world, 'lift-hold', { ...STOP, reason: 'It is up' });
  expect(lifted.outputs.action).toBe('committed');
  expect(await holds(world)).toEqual([]);
});

test('what nobody has is not held, and a dry run writes nothing', async () => {
  await using world = await opsStage(OPS_FILES);
  const before = await world.ops.refs();
  const app = await run(world, 'hold', { app: 'my-ap' });
  const environment = await run(world, 'hold', { environment: 'stagin', app: '*' });
  expect([errorsOf(app), errorsOf(environment)]).toMatchInlineSnapshot(`
[
  "There is no app "my-ap" in staging. Did you mean "my-app"? Known: my-app, other, or "*" for all of them.",
  "There is no environment "stagin". Did you mean "staging"? Known: staging, production, or "*" for all of them.",
]
`);
  expect((await run(world, 'hold', { ...STOP, reason: '' })).exitCode).toBe(1);
  expect((await run(world, 'hold', { ...STOP, 'dry-run': 'true' })).summary).toContain('would be committed');
  expect(await world.ops.refs()).toEqual(before);
});

test('a stop works where nobody can tell where apps run, and is lifted again', async () => {
  await using world = await opsStage({
    'ostack.yaml': 'environments: { staging: {} }\n',
    'deploy/earth/web/kustomization.yaml': 'images:\n- name: ghcr.io/acme/web\n  newTag: 1.0.0\n',
  });
  expect(errorsOf(await run(world, 'rollback', { app: 'web' }))).toContain('Found at the top: deploy');
  const all = await run(world, 'hold', STOP);
  expect([errorsOf(all), all.outputs.action]).toEqual(['', 'committed']);
  const one = await run(world, 'hold', { ...STOP, environment: 'staging', app: 'web' });
  expect([errorsOf(one), one.outputs.action]).toEqual(['', 'committed']);
  expect(one.stdout).toContain('Nobody can tell whether there is web in staging to hold');
  const unknown = await run(world, 'hold', { ...STOP, environment: 'stagin', app: '*' });
  expect(errorsOf(unknown)).toContain('There is no environment "stagin"');
  const lifted = await run(world, 'lift-hold', STOP);
  expect([errorsOf(lifted), lifted.outputs.action]).toEqual(['', 'committed']);
  expect(await holds(world)).toMatchObject([{ environment: 'staging', app: 'web' }]);
});

test('where the gate guards the branch, a hold comes by an urgent pull request that merges as soon as the gate allows', async () => {
  await using world = await deployedStage({ allowAutoMerge: true });
  world.ops.ruleset('gate', {
    ...{ target: 'branch', include: ['~DEFAULT_BRANCH'], bypass: ['ostack[bot]'] },
    rules: { requiredChecks: ['oStack / gate'] },
  });
  const held = await run(world, 'hold', STOP);
  expect([errorsOf(held), held.outputs.action]).toEqual(['', 'created']);
  expect(held.requests).toMatchInlineSnapshot(`
[
  "OpenOps",
  "ReadOps",
  "WriteProposals",
  "FinishProposals",
  "HoldPulls",
]
`);
  const [pull] = await world.pulls();
  expect(pull).toMatchObject({ title: 'Hold everything in every environment', autoMerge: true });
  expect([pull?.labels, pull?.body]).toEqual([['ostack', 'urgent'], expect.stringContaining('Database is down')]);
  expect(pull?.body).toContain('It merges by itself once its checks and the policy allow.');
  expect(await world.ops.read('main', HOLDS_FILE)).toBeUndefined();
  const back = await run(world, 'rollback', { direct: 'true' });
  expect([errorsOf(back), back.outputs.action]).toEqual(['', 'created']);
  expect((await world.pulls())[1]?.body).toContain('It merges by itself once its checks and the policy allow.');
  expect(await world.ops.read('main', STAGING)).toBe(overlay('1.5.0'));
});
