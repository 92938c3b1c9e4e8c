import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { runAction } from '../../support/run-action.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  const repositories = {
    'acme/apps': 'workspace: growth\n',
    'acme/named': 'ops: acme-platform/everything\n',
    'acme/broken': 'opps: acme/ops\n',
  };
  for (const [name, text] of Object.entries(repositories)) {
    await stage.github.createRepository(name, { files: { 'ostack.yaml': text } });
  }
  await stage.github.createRepository('acme/plain', { files: { 'README.md': 'no settings\n' } });
  await stage.github.repository('acme/plain').commit('topic', { 'ostack.yaml': 'ops: mallory/ops\n' }, 'feat: mine');
});
afterAll(() => stage.close());

const run = (repository: string, inputs: Record<string, string> = {}, permissions = { contents: 'read' as const }) =>
  runAction({
    action: 'find-ops-repository',
    inputs: { 'github-token': stage.github.issueToken({ repositories: [repository], permissions }), ...inputs },
    env: {
      GITHUB_REPOSITORY: repository,
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_API_URL: stage.apiUrl,
      GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    },
  });

describe('find-ops-repository', () => {
  test.each([
    ['acme/apps', 'acme', 'growth-ops'],
    ['acme/named', 'acme-platform', 'everything'],
    ['acme/plain', 'acme', 'ops'],
  ])('of %s says %s/%s', async (repository, owner, name) => {
    const { outputs, exitCode } = await run(repository);
    expect([exitCode, outputs]).toEqual([0, { repository: `${owner}/${name}`, owner, name }]);
  });

  test('takes what it is given, and asks nobody', async () => {
    const before = stage.github.requests.length;
    const { outputs } = await run('acme/apps', { 'ops-repository': 'acme/elsewhere' });
    expect([outputs.repository, stage.github.requests.length - before]).toEqual(['acme/elsewhere', 0]);
  });

  test('names what is wrong in the settings', async () => {
    const { exitCode, stdout } = await run('acme/broken');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('::error::ostack.yaml:1');
    expect(stdout).toContain('opps');
  });

  test('names an input that is no repository', async () => {
    const { stdout } = await run('acme/apps', { 'ops-repository': 'ops' });
    expect(stdout).toContain('::error::Input "ops-repository" is "ops"');
  });
});
