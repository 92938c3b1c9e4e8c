import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { seededDelays, startStage } from '../../../src/local/stage.js';
import { runAction } from '../../support/run-action.js';
import { errorsOf, stageEnv } from '../bump-ops-overlay/support.js';

const FLEET = join(import.meta.dirname, '../../fixtures/ops-groups');
const FOLDER = 'apps/overlays/staging-eu';
const VERSION = `${FOLDER}/billing/version.yaml`;
const SETTINGS = `${FOLDER}/billing/settings.yaml`;
const ROOT = `${FOLDER}/kustomization.yaml`;

test('in the layout of groups an app goes back with its patches as they were, and keeps what is of the environment', async () => {
  await using stage = await startStage({ delays: seededDelays(10) });
  const ops = await stage.github.createRepository('acme/fleet', { folder: FLEET });
  const at = async (path: string) => (await ops.read('main', path)) ?? '';
  const [first, settings, root] = await Promise.all([at(VERSION), at(SETTINGS), at(ROOT)]);
  const person = { name: 'Ada', email: 'ada@acme.dev' };
  // A person tunes 0.7.0 before 0.8.0 comes with a patch of its own and without the one that it no longer needs.
  const tuned = settings.replace('half-even', 'half-up');
  await ops.commit('main', { [SETTINGS]: tuned }, 'round up', person);
  const patches = root
    .replace('  - path: billing/settings.yaml\n', '  - path: billing/_replicas.yaml\n  - path: billing/cache.yaml\n')
    .replace('  - path: tracking/shutdown.yaml\n', '');
  await ops.commit(
    'main',
    {
      [VERSION]: first.replace(/billing:0\.7\.0@sha256:\w+/, 'billing:0.8.0'),
      [SETTINGS]: null,
      [`${FOLDER}/billing/cache.yaml`]: settings,
      [`${FOLDER}/billing/_replicas.yaml`]: settings,
      [ROOT]: patches,
    },
    'billing 0.8.0',
    person,
  );
  const run = () =>
    runAction({
      action: 'rollback',
      inputs: { environment: 'staging-eu', app: 'billing', reason: 'Rounding', direct: 'true', token: stage.token },
      env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/fleet', GITHUB_ACTOR: 'ada' },
    });
  const done = await run();
  expect(errorsOf(done)).toBe('');
  expect(done.outputs).toMatchObject({ action: 'committed', version: '0.7.0', previous: '0.8.0' });
  expect(await at(VERSION)).toBe(first);
  expect(await at(SETTINGS)).toBe(tuned);
  expect(await ops.read('main', `${FOLDER}/billing/cache.yaml`)).toBeUndefined();
  expect(await at(`${FOLDER}/billing/_replicas.yaml`)).toBe(settings);
  // The other app's patch that went meanwhile stays away, and the environment's own stays.
  expect((await at(ROOT)).split('\n').filter((line) => line.includes('path:'))).toEqual([
    '  - path: billing/_replicas.yaml',
    '  - path: billing/settings.yaml',
    '  - path: billing/version.yaml',
    '  - path: tracking/_host.yaml',
    '  - path: tracking/version.yaml',
  ]);
  const end = await ops.refs();
  const again = await run();
  expect(errorsOf(again)).toBe('');
  expect(again.outputs).toMatchObject({ action: 'unchanged', version: '0.7.0' });
  expect(await ops.refs()).toEqual(end);
});
