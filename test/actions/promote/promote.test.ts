import { expect, test } from '@jest/globals';
import { opsStage, overlay, promote } from './support.js';

test('production adopts what staging runs, with one pull request, however often it is asked for', async () => {
  await using world = await opsStage();
  const first = await promote(world);
  expect(first.error).toBe('');
  expect(first.promotions).toMatchObject([
    {
      environment: 'production',
      from: 'staging',
      app: 'my-app',
      previous: '1.2.0',
      version: '1.3.0',
      state: 'proposed',
    },
    { app: 'other', state: 'refused' },
  ]);
  expect(await world.ops.read('ostack-promote/production', 'overlays/production/my-app/kustomization.yaml')).toBe(
    overlay('1.3.0'),
  );
  const again = await promote(world);
  expect(again.outputs.action).toBe('unchanged');
  const pulls = await world.pulls();
  expect(pulls).toMatchObject([{ number: 1, state: 'OPEN', title: 'Promote my-app 1.3.0 to production' }]);
  expect(pulls[0]?.body).toContain('Stays behind');
  const [commit] = await world.ops.log('ostack-promote/production');
  expect(
    commit?.message.replace(/runs\/\d+/, 'runs/RUN').replaceAll(world.stage.serverUrl, 'https://github.test'),
  ).toBe(
    [
      'Promote my-app 1.3.0 to production',
      '',
      'Ostack-Action: promote',
      'Ostack-Environment: production',
      'Ostack-App: my-app',
      'Ostack-Version: 1.3.0',
      'Ostack-Image: ghcr.io/acme/my-app:1.3.0',
      'Ostack-From: staging',
      'Ostack-By: ada',
      'Ostack-Run: https://github.test/acme/ops/actions/runs/RUN',
    ].join('\n'),
  );
  // What staging alone has was not asked for: it stays behind, and nothing is wrong.
  expect((await promote(world, { merge: 'true' })).outputs.action).toBe('merged');
  const done = await promote(world);
  expect([done.exitCode, done.outputs.action]).toEqual([0, 'unchanged']);
  expect(done.summary).toContain('my\\-app `1.3.0`');
  expect(done.summary).toContain('production does not have other yet.');
  expect((await promote(world, { apps: 'my-app, other' })).error).toBe(
    'production does not have other yet. If it is to run there, promote it with "include-new".',
  );
});

test('what may not go is refused with who can do what, and goes with force and a reason', async () => {
  await using world = await opsStage();
  const backwards = { apps: 'my-app', from: 'production', to: 'staging' };
  expect((await promote(world, { ...backwards })).error).toBe(
    'staging runs my-app 1.3.0, and production runs 1.2.0, which is older. To take staging back on purpose, run rollback, or go past the policy with "force" and a reason.',
  );
  expect((await promote(world, { ...backwards, force: 'true' })).error).toBe(
    'Input "force" goes past the policy and needs a reason: say why with the input "reason".',
  );
  expect((await promote(world, { apps: 'nobody' })).error).toBe(
    'staging does not have nobody, so there is nothing to promote from it.',
  );
  expect((await promote(world, { to: 'moon' })).error).toBe(
    'Input "to" names "moon", expected environments of acme/ops: staging, production.',
  );
  expect(await world.pulls()).toEqual([]);
  const forced = await promote(world, { ...backwards, force: 'true', reason: 'the old one is wanted', merge: 'false' });
  expect(forced.error).toBe('');
  const [pull] = await world.pulls();
  expect(pull?.body).toContain('Goes past the policy by ada: the old one is wanted');
});
