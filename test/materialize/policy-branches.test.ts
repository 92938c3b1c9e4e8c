import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../src/github/client.js';
import { parseRepository } from '../../src/github/context.js';
import { type Stage, startStage } from '../../src/local/stage.js';
import { withPolicyBranches } from '../../src/materialize/branch/policy-branches.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  await stage.github.createRepository('acme/live', { files: { 'README.md': 'Live.\n' } }, { defaultBranch: 'trunk' });
  await stage.github.createRepository('acme/empty');
});
afterAll(() => stage.close());

/** @param asked takes the names of the repositories that are asked for */
const branchOf = async (lodging: { branch?: string; repository?: string }, asked: string[] = []) => {
  const [found] = await withPolicyBranches([{ name: 'prod', ...lodging }], 'acme/cluster', (name) => {
    asked.push(name);
    const { token, apiUrl, graphqlUrl } = stage;
    return { github: connect({ token, apiUrl, graphqlUrl }), repository: parseRepository(name, 'It') };
  });
  return found?.branch;
};

test.each<[string, { branch?: string; repository?: string }, string | undefined, string[]]>([
  ['another repository alone', { repository: 'acme/live' }, 'trunk', ['acme/live']],
  ['a branch of another repository', { repository: 'acme/live', branch: 'prod' }, 'prod', []],
  ['the repository of the definition', { repository: 'Acme/Cluster' }, undefined, []],
  ['nothing', {}, undefined, []],
  ['a repository for each app', { repository: 'acme/{app}' }, undefined, []],
])('where a policy names %s, an environment lives on its branch', async (_what, lodging, expected, repositories) => {
  const asked: string[] = [];
  expect([await branchOf(lodging, asked), asked]).toEqual([expected, repositories]);
});

test.each([
  ['not there', 'acme/gone', 'Could not read the default branch in acme/gone: GitHub answered'],
  [
    'empty',
    'acme/empty',
    'acme/empty is empty, so it has no branch that an environment could live on. Push a first commit',
  ],
])('a repository that is %s is an error with what to do', async (_what, repository, message) => {
  await expect(branchOf({ repository })).rejects.toThrow(message);
});
