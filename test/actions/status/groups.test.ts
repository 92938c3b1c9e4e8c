import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { seededDelays, startStage } from '../../../src/local/stage.js';
import { runAction } from '../../support/run-action.js';

const FIXTURE = join(import.meta.dirname, '..', '..', 'fixtures', 'ops-groups');

test('groups: every app of every group, in all environments, in few requests', async () => {
  await using stage = await startStage({ delays: seededDelays(11) });
  await stage.github.createRepository('acme/ops', { folder: FIXTURE });
  const { exitCode, stdout, outputs } = await runAction({
    action: 'status',
    inputs: { token: stage.token },
    env: {
      GITHUB_REPOSITORY: 'acme/ops',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_API_URL: stage.apiUrl,
      GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    },
  });
  expect([exitCode, exitCode === 0 ? '' : stdout]).toEqual([0, '']);
  const status: unknown = JSON.parse(outputs.status ?? '');
  expect(status).toMatchObject({
    environments: ['dev', 'test', 'staging-eu', 'staging-us', 'production-eu', 'production-us'].map((name) => ({
      name,
    })),
    apps: [{ app: 'billing' }, { app: 'notify' }, { app: 'queue' }, { app: 'tracking' }],
    warnings: [],
  });
  expect(stage.github.requests.length).toBeLessThanOrEqual(15);
});
