import { expect, test } from '@jest/globals';
import { runAction } from '../support/run-action.js';

const preload = (script: string) => `--import data:text/javascript,${encodeURIComponent(script)}`;

const run = (inputs: Record<string, string>, NODE_OPTIONS = '') =>
  runAction({
    action: 'find-ops-repository',
    inputs: { 'github-token': 'token', ...inputs },
    env: {
      GITHUB_REPOSITORY: 'acme/apps',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_SERVER_URL: 'http://127.0.0.1:1',
      GITHUB_API_URL: 'http://127.0.0.1:1/api/v3',
      GITHUB_GRAPHQL_URL: 'http://127.0.0.1:1/api/graphql',
      NODE_OPTIONS,
    },
  });

test('an action that ends well exits with 0, and one that fails with 1', async () => {
  expect(await run({ 'ops-repository': 'acme/ops' })).toMatchObject({ exitCode: 0, outputs: { name: 'ops' } });
  expect(await run({ 'ops-repository': 'nonsense' })).toMatchObject({ exitCode: 1 });
});

test('an action that waits for something that never comes has failed', async () => {
  const result = await run({}, preload('globalThis.fetch = () => new Promise(() => {})'));
  expect(result).toMatchObject({ exitCode: 13, outputs: {} });
});
