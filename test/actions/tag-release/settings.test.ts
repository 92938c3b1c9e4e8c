import { describe, expect, test } from '@jest/globals';
import { startScenario } from './support/scenario.js';

const YAML = `tag-format: '{app}@{version}'
first-version: 0.0.1
before-1.0: patch
ignored-types: [chore]
release-branches: [main, release/*]
`;

describe('ostack.yaml', () => {
  test('says how releases are made, and an input wins', async () => {
    await using shop = await startScenario({ 'ostack.yaml': YAML, 'apps/web/a': '1' });
    expect(await shop.release()).toMatchObject([{ tag: 'web@0.0.1' }]);
    await shop.push('chore: b', { 'apps/web/a': '2' });
    expect(await shop.release()).toEqual([]);
    await shop.push('feat: c', { 'apps/web/a': '3' });
    expect(await shop.release()).toMatchObject([{ tag: 'web@0.0.2', level: 'minor' }]);
    await shop.push('feat: d', { 'apps/web/a': '4' });
    const inputs = { 'before-1-0': 'minor', prerelease: 'rc' };
    expect(await shop.release({ inputs })).toMatchObject([{ tag: 'web@0.1.0-rc.1' }]);
  });

  test.each([
    [
      "tag-format: '{app}{version}'\n",
      /^ostack\.yaml:1:13: tag-format: "\{app\}\{version\}": the tag "web10\.20\.30" of web 10\.20\.30 would be read as web1 0\.20\.30\./,
    ],
    ['first-version: v1\n', /^ostack\.yaml:1:16: first-version: expected a version as 0\.1\.0/],
    ['before-1.0: major\n', /^ostack\.yaml:1:13: before-1\.0: /],
    ['release-branches: []\n', /^ostack\.yaml:1:19: release-branches: /],
  ])('is refused with its line: %s', async (yaml, message) => {
    await using shop = await startScenario({ 'ostack.yaml': yaml, 'apps/web/a': '1' });
    const { stdout, exitCode } = await shop.run();
    expect(exitCode).toBe(1);
    expect(decodeURIComponent(/^::error::(.*)$/m.exec(stdout)?.[1] ?? '')).toMatch(message);
  });
});

describe('another branch', () => {
  test('is refused before anything is tagged, and may be named', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    await shop.release();
    await shop.push('fix: b', { 'apps/web/a': '2' });
    const ref = 'refs/heads/release/1.x';
    const refused = await shop.run({ ref });
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('releases are made from main only. Nothing was tagged.');
    expect(Object.keys(await shop.repository.refs())).not.toContain('refs/tags/web-v0.1.1');
    expect(await shop.release({ ref, inputs: { 'release-branches': 'main, release/*' } })).toMatchObject([
      { tag: 'web-v0.1.1' },
    ]);
  });
});

describe('a version that people ask for', () => {
  test('by an empty commit is released, and leads to 1.0.0', async () => {
    await using shop = await startScenario({ 'src/a': '1' });
    await shop.release();
    await shop.push('chore: ready for everybody\n\nRelease-As: 1.0.0', {});
    expect(await shop.release()).toMatchObject([{ tag: 'v1.0.0', previous: 'v0.1.0' }]);
    expect(await shop.release()).toMatchObject([{ tag: 'v1.0.0', created: false }]);
  });

  test('by the input mends a wrong title', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1', 'apps/api/a': '1' });
    await shop.release();
    await shop.push('feat!: not what it says', { 'apps/web/a': '2', 'apps/api/a': '2' });
    const inputs = { 'release-as': 'web=0.1.1' };
    expect(await shop.release({ inputs })).toMatchObject([{ tag: 'api-v0.2.0' }, { tag: 'web-v0.1.1' }]);
  });
});

test('an app that people have to decide about stops no other', async () => {
  await using shop = await startScenario({ 'apps/web/a': '1', 'apps/api/a': '1' });
  await shop.release();
  const hotfix = await shop.repository.commit('hotfix', { 'apps/web/hot': '1' }, 'fix: hot');
  await shop.repository.setRef('refs/tags/web-v0.1.1', hotfix);
  await shop.push('fix: b', { 'apps/web/a': '2', 'apps/api/a': '2' });
  const dry = await shop.run({ inputs: { 'dry-run': 'true' } });
  expect([dry.exitCode, dry.outputs.apps]).toEqual([0, '["api"]']);
  const result = await shop.run();
  expect([result.exitCode, result.outputs.apps]).toEqual([1, '["api"]']);
  expect(result.stdout).toContain('merge that branch first');
  expect(Object.keys(await shop.repository.refs())).toContain('refs/tags/api-v0.1.1');
});
