import { expect, test } from '@jest/globals';
import { errorsOf, opsStage, requestLines, stageEnv, summaryOf } from '../actions/bump-ops-overlay/support.js';
import { runAction } from '../support/run-action.js';
import { REPOSITORIES } from './repositories.js';

const NAMES = [
  'overlays/<env> for all apps',
  'apps/<env> with HelmReleases in apps/base, patched by a file of each environment (Flux)',
  'apps/<app>/overlays/<env>',
  'charts/<app>/values-<env>.yaml',
  '<env>/<region>/<app>',
];
const TRIED = REPOSITORIES.filter(({ name }) => NAMES.includes(name));

test.each(TRIED)('$name: a bump and the status work without a file', async ({ files, carrier }) => {
  await using world = await opsStage({ ...files });
  const run = await world.bump({ app: 'web', image: 'ghcr.io/acme/web', tag: '2.0.0', digest: '' });
  expect([run.exitCode, errorsOf(run)]).toEqual([0, '']);
  expect(summaryOf(run)).toEqual(['production: created #1', 'staging: created #2']);
  // What tells the shape takes two of them.
  expect(requestLines(run).filter((line) => line.startsWith('ReadOps')).length).toBeLessThanOrEqual(4);
  expect(run.requests.length).toBeLessThanOrEqual(8);
  for (const environment of ['staging', 'production']) {
    const text = (await world.ops.read(`ostack/${environment}/web`, carrier(environment))) ?? '';
    const before = files[carrier(environment)] ?? '';
    expect(text).toBe(before.replace(environment === 'staging' ? '1.1.0' : '1.0.0', '2.0.0'));
  }
  const status = await runAction({
    action: 'status',
    inputs: { token: world.stage.token },
    env: { ...stageEnv(world.stage), GITHUB_REPOSITORY: 'acme/ops' },
  });
  const found: unknown = JSON.parse(status.outputs.status ?? '');
  expect(found).toMatchObject({ environments: [{ name: 'production' }, { name: 'staging' }], warnings: [] });
  expect(found).toMatchObject({
    apps: expect.arrayContaining([
      expect.objectContaining({
        app: 'web',
        environments: expect.objectContaining({
          staging: expect.objectContaining({ version: '1.1.0' }),
          production: expect.objectContaining({ version: '1.0.0' }),
        }),
      }),
    ]),
  });
});

test('where nothing tells, a bump asks with the lines to paste, and works with them', async () => {
  const kustomization = 'images:\n- name: ghcr.io/acme/web\n  newTag: 1.0.0\n';
  await using world = await opsStage({ 'deploy/earth/web/kustomization.yaml': kustomization });
  const inputs = { app: 'web', image: 'ghcr.io/acme/web', tag: '2.0.0', digest: '' };
  const asked = await world.bump(inputs);
  expect(asked.exitCode).toBe(1);
  const answer = /overlays:\n {2}- "[^"]+"\n/.exec(errorsOf(asked))?.[0] ?? '';
  expect(answer).toBe('overlays:\n  - "deploy/{environment}/{app}"\n');
  await world.push('main', { 'ostack.yaml': answer });
  expect(summaryOf(await world.bump(inputs))).toEqual(['earth: created #1']);
});
