import { expect, test } from '@jest/globals';
import { type Scenario, startScenario } from './support/scenario.js';

/** The token of a workflow: it may write contents, and cannot have the permission for workflow files. */
const tokenOf = ({ stage }: Scenario) =>
  stage.github.issueToken({ actor: 'github-actions[bot]', permissions: { contents: 'write', pull_requests: 'read' } });

const WORKFLOW = '.github/workflows/release.yml';

test('a run that is slower than a change of a workflow file leaves the release to a later one, which makes it', async () => {
  await using shop = await startScenario({ 'apps/web/a': '1', 'apps/api/a': '1', [WORKFLOW]: 'on: push\n' });
  const token = tokenOf(shop);
  await shop.release({ token });
  const older = await shop.push('feat: a', { 'apps/web/a': '2', 'apps/api/a': '2' });
  const newer = await shop.push('ci: faster', { [WORKFLOW]: 'on: [push]\n' });
  const slow = await shop.run({ sha: older, token });
  expect([slow.exitCode, slow.outputs.releases]).toEqual([0, '[]']);
  expect(
    slow.summary.match(/a later run releases it: main has moved on to [0-9a-f]{7} with other workflow files/g),
  ).toHaveLength(2);
  expect(shop.requests().filter((line) => line.includes(' /git/refs 403'))).toHaveLength(1);
  expect(await shop.release({ token })).toMatchObject([
    { tag: 'api-v0.2.0', sha: newer },
    { tag: 'web-v0.2.0', sha: newer },
  ]);
});

test('a commit whose workflow files no branch has names the permission, and what is advised works', async () => {
  await using shop = await startScenario({ 'apps/web/a': '1', [WORKFLOW]: 'on: push\n' });
  const token = tokenOf(shop);
  await shop.release({ token });
  const lost = await shop.push('feat: a', { 'apps/web/a': '2', [WORKFLOW]: 'on: [push]\n' });
  await shop.repository.setRef('refs/heads/main', (await shop.repository.log('main'))[1]?.sha ?? null);
  const run = await shop.run({ sha: lost, token });
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(
    /with the permission "workflows: write" tag such a commit, which GITHUB_TOKEN cannot have/,
  );
  await shop.repository.setRef('refs/heads/keep', lost);
  expect(await shop.release({ sha: lost, token })).toMatchObject([{ tag: 'web-v0.2.0', sha: lost }]);
});

test('a ruleset of tags is named with what to do, and an App on its bypass list releases', async () => {
  await using shop = await startScenario({ 'apps/web/a': '1' });
  const rules = { creation: true };
  shop.repository.ruleset('tags', { target: 'tag', include: ['~ALL'], bypass: ['releaser[bot]'], rules });
  const run = await shop.run({ token: tokenOf(shop) });
  expect(run.exitCode).toBe(1);
  expect(run.stdout).toMatch(
    /GitHub answered "Reference update failed". A rule of the repository refuses it, and would again/,
  );
  const token = shop.stage.github.issueToken({
    actor: 'releaser[bot]',
    permissions: { contents: 'write', pull_requests: 'read' },
  });
  expect(await shop.release({ token })).toMatchObject([{ tag: 'web-v0.1.0' }]);
});
