import { expect, test } from '@jest/globals';
import { utc } from '../../../src/report/time.js';
import { at, opsFiles, opsStage, overlay, promote } from './support.js';

const BRANCH = 'ostack-promote/production';

test('production takes what staging had at a time, or a version that it had', async () => {
  let hoursAgo = 3;
  const now = () => new Date(Date.now() - hoursAgo * 3_600_000);
  await using world = await opsStage(opsFiles(', soak: 30m'), undefined, { now });
  hoursAgo = 2;
  const before = now();
  hoursAgo = 1;
  await world.push('main', { [at('staging')]: overlay('1.4.0') }, 'my-app 1.4.0');
  hoursAgo = 0;
  const then = await promote(world, { apps: 'my-app', from: `staging@${before.toISOString()}` });
  expect(then.error).toBe('');
  expect(await world.ops.read(BRANCH, at('production'))).toBe(overlay('1.3.0'));
  expect(then.promotions).toMatchObject([{ from: `staging at ${utc(before)}`, version: '1.3.0' }]);

  const current = await promote(world, { apps: 'my-app' });
  expect(current.promotions).toMatchObject([{ from: 'staging', version: '1.4.0', number: 1 }]);
  expect(await world.ops.read(BRANCH, at('production'))).toBe(overlay('1.4.0'));

  const named = await promote(world, { apps: 'my-app', from: 'v1.3.0' });
  expect(named.promotions).toMatchObject([{ from: 'staging at v1.3.0', version: '1.3.0', number: 1 }]);
  expect(await world.ops.read(BRANCH, at('production'))).toBe(overlay('1.3.0'));
  expect(await world.pulls()).toMatchObject([{ state: 'OPEN', title: 'Promote my-app 1.3.0 to production' }]);
});

test('several environments get a pull request each, by their own rules, and a wave after them waits for theirs', async () => {
  const regions = ['production-eu', 'production-us'];
  await using world = await opsStage({
    'ostack.yaml': [
      'environments:',
      '  staging: {}',
      '  production-eu: { after: staging }',
      '  production-us: { after: staging, cd: true }',
      '  production-ap: { after: [production-eu, production-us] }',
      '',
    ].join('\n'),
    [at('staging')]: overlay('1.3.0'),
    ...Object.fromEntries([...regions, 'production-ap'].map((name) => [at(name), overlay('1.2.0')])),
  });
  const first = await promote(world, { apps: 'my-app', to: regions.join() });
  expect(first.error).toBe('');
  expect(first.promotions).toMatchObject([
    { environment: 'production-eu', version: '1.3.0', state: 'proposed', number: 1 },
    { environment: 'production-us', version: '1.3.0', state: 'proposed', number: 2 },
  ]);
  expect(await world.pulls()).toMatchObject([
    { title: 'Promote my-app 1.3.0 to production-eu', state: 'OPEN' },
    { title: 'Promote my-app 1.3.0 to production-us', state: 'MERGED' },
  ]);
  expect(await world.ops.read('main', at('production-us'))).toBe(overlay('1.3.0'));
  const wave = await promote(world, { apps: 'my-app', to: 'production-ap', from: 'production-us' });
  expect(wave.error).toBe(
    'production-ap takes my-app 1.3.0 only once it is in production-eu, which runs 1.2.0. Bring it to production-eu first, or go past the policy with "force" and a reason.',
  );
});

test('an app that is included is new in the environment, and its kustomization lists it', async () => {
  const root = (...apps: string[]) => `resources:\n${apps.map((app) => `  - ${app}\n`).join('')}`;
  await using world = await opsStage(
    opsFiles('', {
      'overlays/production/kustomization.yaml': root('my-app'),
      [at('staging', 'cart')]: overlay('7.0.0', 'ghcr.io/acme/cart'),
    }),
  );
  const result = await promote(world, { apps: '*', 'include-new': 'true' });
  expect(result.error).toBe('');
  expect(result.promotions).toMatchObject([
    { app: 'cart', previous: null, version: '7.0.0' },
    { app: 'my-app', previous: '1.2.0', version: '1.3.0' },
  ]);
  expect(await world.ops.read(BRANCH, 'overlays/production/kustomization.yaml')).toBe(root('my-app', 'cart'));
  expect(await world.pulls()).toMatchObject([{ title: 'Promote 2 apps to production' }]);
});

test('a dry run shows the lines and writes nothing, and goes on where releases cannot be read', async () => {
  await using world = await opsStage(opsFiles());
  const stranger = world.stage.github.issueToken({ repositories: ['acme/ops'], permissions: { contents: 'read' } });
  const result = await promote(world, { apps: 'my-app', 'dry-run': 'true', 'apps-token': stranger });
  expect(result.error).toBe('');
  expect(result.stdout).toMatch(/^::warning::.*releases.*acme\/apps/m);
  expect(result.summary).toContain('+  newTag: "1.3.0" # the version');
  expect(await world.pulls()).toEqual([]);
  expect(Object.keys(await world.ops.refs())).toEqual(['refs/heads/main']);
});
