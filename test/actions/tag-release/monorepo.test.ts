import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { startScenario } from './support/scenario.js';

test('each app of a monorepo is released for the pull requests that touch it', async () => {
  await using shop = await startScenario({
    'ostack.yaml': 'apps:\n  web: { shared: [packages/ui] }\n',
    'apps/web/index.ts': '1',
    'apps/api/main.go': '1',
    'packages/ui/button.ts': '1',
  });
  expect((await shop.release()).map(({ tag, created }) => [tag, created])).toEqual([
    ['api-v0.1.0', true],
    ['web-v0.1.0', true],
  ]);

  await shop.mergePullRequest({
    branch: 'cart',
    title: 'feat(cart): take vouchers',
    commits: [
      { message: 'wip', files: { 'apps/web/cart.ts': '1' } },
      { message: 'fix: sums', files: { 'packages/ui/button.ts': '2' } },
    ],
    method: 'merge',
  });
  await shop.mergePullRequest({
    branch: 'docs',
    title: 'docs: how to run it',
    commits: [{ message: 'docs: how to run it', files: { 'apps/api/README.md': '1' } }],
    method: 'squash',
  });
  await shop.mergePullRequest({
    branch: 'button',
    title: 'A rounder button',
    commits: [{ message: 'rounder', files: { 'packages/ui/button.ts': '3' } }],
    method: 'squash',
  });

  const result = await shop.run();
  expect(result.exitCode).toBe(0);
  const requests = shop.requests();
  expect(requests.map((request) => request.replace(/ \{.*/, ''))).toEqual([
    'POST ReleasePages 200',
    'POST ReleaseCommits 200',
    'POST /git/tags 201',
    'POST /git/refs 201',
    'POST /releases 201',
  ]);
  expect(requests.slice(2)).toMatchSnapshot('the requests that write');
  expect(JSON.parse(shop.plain(result.outputs.releases ?? ''))).toMatchSnapshot('the releases');
  expect({ ...result.outputs, releases: undefined }).toEqual({
    released: 'true',
    version: '0.2.0',
    tag: 'web-v0.2.0',
    apps: '["web"]',
    'ops-repository': 'acme/ops',
  });
  expect(shop.plain(result.summary)).toMatchSnapshot('the summary');
});

test('a release of an older line is not the latest, a prerelease is none either', async () => {
  await using shop = await startScenario({ 'src/a': '1' });
  const first = await shop.release();
  expect(first).toMatchObject([{ app: 'shop', tag: 'v0.1.0', previous: null, level: 'patch' }]);
  const base = await shop.push('fix: a', { 'src/a': '2' });
  await shop.release();
  await shop.push('feat!: b', { 'src/a': '3' });
  expect(await shop.release({ inputs: { prerelease: 'rc' } })).toMatchObject([
    { tag: 'v0.2.0-rc.1', previous: 'v0.1.1' },
  ]);
  await shop.push('fix: c', { 'src/a': '4' });
  expect(await shop.release({ inputs: { prerelease: 'rc' } })).toMatchObject([
    { tag: 'v0.2.0-rc.2', previous: 'v0.2.0-rc.1', level: 'major' },
  ]);
  expect(await shop.release()).toMatchObject([{ tag: 'v0.2.0', previous: 'v0.1.1', level: 'major', created: true }]);
  await shop.repository.setRef('refs/heads/maintain', base);
  const hotfix = await shop.repository.commit('maintain', { 'src/a': '5' }, 'fix: hot');
  expect(await shop.release({ sha: hotfix })).toMatchObject([{ tag: 'v0.1.2', previous: 'v0.1.1' }]);

  const latest = v.parse(v.object({ tag_name: v.string() }), await shop.rest('GET', 'releases/latest'));
  expect(latest.tag_name).toBe('v0.2.0');
});

test('an app is released as a patch for a package that it depends on', async () => {
  const manifest = (name: string, ...needs: string[]) =>
    JSON.stringify({ name, dependencies: Object.fromEntries(needs.map((need) => [need, '*'])) });
  await using shop = await startScenario({
    'package.json': JSON.stringify({ workspaces: ['apps/*', 'packages/*'] }),
    'apps/web/package.json': manifest('web', 'ui'),
    'apps/api/package.json': manifest('api'),
    'packages/ui/package.json': manifest('ui'),
  });
  await shop.release();
  await shop.push('feat(ui)!: a rounder button', { 'packages/ui/button.ts': '1' });
  const [release, ...others] = await shop.release();
  expect(others).toEqual([]);
  expect(release).toMatchObject({ tag: 'web-v0.1.1', level: 'patch' });
  expect(release?.notes).toContain('### Dependencies\n\n- depends on `packages/ui`: **ui:** a rounder button by');
  expect(release?.notes).not.toContain('Breaking');
});
