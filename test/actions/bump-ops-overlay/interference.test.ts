import { describe, expect, test } from '@jest/globals';
import { OPS_FILES, opsStage, overlay, summaryOf } from './support.js';

describe('with others at the same time', () => {
  test('bumps of different apps all land', async () => {
    const apps = ['one', 'two', 'three', 'four'];
    const files = Object.fromEntries(
      apps.map((app) => [`overlays/staging/${app}/kustomization.yaml`, overlay('1.0.0', `ghcr.io/acme/${app}`)]),
    );
    await using world = await opsStage({ 'ostack.yaml': OPS_FILES['ostack.yaml'] ?? '', ...files });
    const runs = await Promise.all(
      apps.map((app) => world.bump({ image: `ghcr.io/acme/${app}`, environments: 'staging', 'apps-token': '' })),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(runs.flatMap(({ results }) => results.map(({ action }) => action))).toEqual(apps.map(() => 'merged'));
    for (const app of apps) {
      expect(await world.ops.read('main', `overlays/staging/${app}/kustomization.yaml`)).toContain('"1.4.0"');
    }
  });

  test('two runs for one app and version make one pull request', async () => {
    await using world = await opsStage();
    const inputs = { environments: 'production', 'apps-token': '' };
    const runs = await Promise.all([world.bump(inputs), world.bump(inputs)]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect((await world.pulls()).map(({ title }) => title)).toEqual(['my-app 1.4.0 -> production']);
    expect((await world.ops.log('ostack/production/my-app')).map(({ message }) => message.split('\n')[0])).toEqual([
      'my-app 1.4.0 -> production',
      'Initial commit',
    ]);
  });

  test('of two releases racing for one environment the newer one stays', async () => {
    await using world = await opsStage();
    const inputs = { environments: 'production', 'apps-token': '' };
    const runs = await Promise.all([world.bump({ ...inputs, tag: '1.5.0' }), world.bump({ ...inputs, tag: '1.4.0' })]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await world.ops.read('ostack/production/my-app', 'overlays/production/my-app/kustomization.yaml')).toContain(
      '"1.5.0"',
    );
    expect((await world.pulls()).map(({ title, state }) => `${title} ${state}`)).toEqual([
      'my-app 1.5.0 -> production OPEN',
    ]);
  });

  test('a push to the bump branch between reading and writing is kept', async () => {
    await using world = await opsStage();
    await world.bump({ environments: 'production' });
    let pushed: Promise<string> | undefined;
    world.stage.github.faults.add({
      match: ({ operation }) => {
        if (operation === 'WriteProposals') {
          pushed ??= world.push('ostack/production/my-app', { 'notes.md': 'mine\n' });
        }
        return operation === 'WriteProposals' && pushed !== undefined;
      },
      kind: 'latency',
      ms: 300,
    });
    const run = await world.bump({ environments: 'production', tag: '1.5.0' });
    expect(summaryOf(run)).toEqual(['production: updated #1']);
    const log = await world.ops.log('ostack/production/my-app');
    expect(log.map(({ message }) => message.split('\n')[0])).toEqual([
      'my-app 1.5.0 -> production',
      'by hand',
      'my-app 1.4.0 -> production',
      'Initial commit',
    ]);
    expect(await pushed).toBe(log[1]?.sha);
  });

  test.each(['WriteProposals', 'FinishProposals'])(
    'the lost answer of %s is made good in the same run',
    async (operation) => {
      await using world = await opsStage();
      world.stage.github.faults.add({ match: new RegExp(operation), kind: 'reset', when: 'after' });
      const run = await world.bump();
      expect(run.exitCode).toBe(0);
      expect((await world.pulls()).map(({ title, state, labels }) => [title, state, labels])).toEqual([
        ['my-app 1.4.0 -> staging', 'MERGED', ['ostack']],
        ['my-app 1.4.0 -> production', 'OPEN', ['ostack']],
      ]);
    },
  );

  test('a secondary rate limit is waited for', async () => {
    await using world = await opsStage();
    world.stage.github.faults.add({ match: /WriteProposals/, kind: 'secondary-limit', retryAfter: 1 });
    const run = await world.bump({ environments: 'production' });
    expect(summaryOf(run)).toEqual(['production: created #1']);
  });
});
