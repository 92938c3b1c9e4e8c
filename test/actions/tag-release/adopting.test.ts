import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type Scenario, startScenario } from './support/scenario.js';

async function tagged(name: string, files: Record<string, string> = { 'apps/shop/a': '1' }) {
  const shop = await startScenario(files);
  await shop.repository.setRef(`refs/tags/${name}`, (await shop.repository.log('main'))[0]?.sha ?? '');
  await shop.push('fix: b', Object.fromEntries(Object.keys(files).map((path) => [path, '2'])));
  return shop;
}

describe('a repository with releases of another format', () => {
  test.each([
    ['shop@2.4.0', '{app}@{version}', 'shop@2.4.1'],
    ['shop/v2.4.0', '{app}/v{version}', 'shop/v2.4.1'],
  ])('%s: nothing starts again, and the format to go on with is named', async (tag, format, next) => {
    await using shop = await tagged(tag);
    const refused = await shop.run();
    expect(refused.exitCode).toBe(1);
    expect(decodeURIComponent(refused.stdout)).toContain(
      `shop has no release as shop-v1.2.3, and would get 0.1.0 for its first. But the tag "${tag}" looks like a release of it. To go on from it, say "tag-format: '${format}'" in ostack.yaml; to start a new format above it, say "first-version: 2.5.0", or use the inputs of the same names.`,
    );
    expect(await shop.release({ inputs: { 'tag-format': format } })).toMatchObject([{ tag: next, previous: tag }]);
  });

  test('one app with numbers alone', async () => {
    await using shop = await tagged('1.4.0', { 'src/a': '1' });
    expect((await shop.run()).stdout).toContain("tag-format: '{version}'");
    expect(await shop.release({ inputs: { 'tag-format': '{version}' } })).toMatchObject([{ tag: '1.4.1' }]);
  });

  test('days are left behind by saying where versions start, and only so', async () => {
    await using shop = await tagged('v2026.04.28', { 'src/a': '1' });
    expect((await shop.run()).stdout).toContain('Releases cannot count on from it');
    expect(await shop.release({ inputs: { 'first-version': '1.0.0' } })).toMatchObject([{ tag: 'v1.0.0' }]);
  });

  test('a new format may start above the old one', async () => {
    await using shop = await tagged('shop@2.4.0');
    expect((await shop.run({ inputs: { 'first-version': '2.4.0' } })).exitCode).toBe(1);
    expect(await shop.release({ inputs: { 'first-version': '2.5.0' } })).toMatchObject([{ tag: 'shop-v2.5.0' }]);
  });
});

describe('a second app', () => {
  test('does not start the first one again', async () => {
    await using shop = await startScenario({ 'ostack.yaml': 'apps:\n  shop: { path: shop }\n', 'shop/a': '1' });
    expect(await shop.release()).toMatchObject([{ app: 'shop', tag: 'v0.1.0' }]);
    await shop.push('feat: administration', {
      'ostack.yaml': 'apps:\n  shop: { path: shop }\n  admin: { path: admin }\n',
      'admin/a': '1',
    });
    expect(await shop.release()).toMatchObject([{ tag: 'admin-v0.1.0', previous: null }]);
    await shop.push('feat: b', { 'shop/a': '2' });
    expect(await shop.release()).toMatchObject([{ tag: 'shop-v0.2.0', previous: 'v0.1.0' }]);
    expect(await shop.release()).toMatchObject([{ tag: 'shop-v0.2.0', created: false }]);
  });

  test('nor when the first one moves into a folder of its own', async () => {
    await using shop = await startScenario({ 'src/a': 'the shop\n', 'src/b': 'its cart\n' });
    expect(await shop.release()).toMatchObject([{ app: 'shop', tag: 'v0.1.0' }]);
    await shop.push('feat: vouchers', { 'src/c': 'vouchers\n' });
    const moved = {
      'src/a': null,
      'src/b': null,
      'src/c': null,
      'apps/shop/src/a': 'the shop\n',
      'apps/shop/src/b': 'its cart\n',
      'apps/shop/src/c': 'vouchers\n',
      'apps/admin/a': '1',
    };
    await shop.repository.commit('main', moved, 'chore: room for more');
    const releases = await shop.release();
    expect(releases).toMatchObject([{ tag: 'admin-v0.1.0' }, { tag: 'shop-v0.2.0', previous: 'v0.1.0' }]);
  });
});

test('a folder that moves keeps its history', async () => {
  await using shop = await startScenario({ 'apps/web/a': 'the shop\n', 'apps/web/b': 'its cart\n', 'apps/api/a': '1' });
  await shop.release();
  await shop.push('feat: vouchers', { 'apps/web/b': 'its cart\nwith vouchers\n' });
  const moved = {
    'apps/web/a': null,
    'apps/web/b': null,
    'sites/shop/a': 'the shop\n',
    'sites/shop/b': 'its cart\nwith vouchers\n',
    'ostack.yaml': 'apps:\n  web: { path: sites/shop }\n',
  };
  await shop.repository.commit('main', moved, 'chore: sites have a folder');
  const [release, ...others] = await shop.release();
  expect(others).toEqual([]);
  expect(release).toMatchObject({ tag: 'web-v0.2.0', previous: 'web-v0.1.0', level: 'minor' });
  expect(release?.notes).toContain('- vouchers by');
});

test('of gitflow the pull requests are told that were merged into develop', async () => {
  await using shop = await startScenario({ 'apps/web/a': '1' });
  await shop.release();
  await shop.repository.setRef('refs/heads/develop', (await shop.repository.log('main'))[0]?.sha ?? '');
  const merge = async (branch: string, base: string, title: string, method: 'merge' | 'squash') => {
    const { number } = v.parse(
      v.object({ number: v.number() }),
      await shop.rest('POST', 'pulls', { title, head: branch, base }),
    );
    await shop.rest('PUT', `pulls/${number}/merge`, { merge_method: method });
    return number;
  };
  for (const [branch, title, method] of [
    ['cart', 'feat: a cart', 'merge'],
    ['sums', 'fix: sums', 'squash'],
  ] as const) {
    await shop.repository.setRef(`refs/heads/${branch}`, (await shop.repository.log('develop'))[0]?.sha ?? '');
    await shop.repository.commit(branch, { [`apps/web/${branch}`]: '1' }, method === 'squash' ? title : 'wip');
    await merge(branch, 'develop', title, method);
  }
  await merge('develop', 'main', 'Release of May', 'merge');
  const [release] = await shop.release();
  expect(release).toMatchObject({ tag: 'web-v0.2.0', level: 'minor' });
  const lines = (release?.notes ?? '').split('\n').filter((line) => line.startsWith('- '));
  expect(lines.map((line) => /^- (.*?) \(\[\\#(\d+)\]/.exec(line)?.slice(1))).toEqual([
    ['a cart', '1'],
    ['sums', '2'],
  ]);
});

describe('the version is the same in any clone', () => {
  const clones = [['--depth=1'], ['--depth=2'], ['--depth=60'], ['--no-single-branch']];
  const versions = async (shop: Scenario) => {
    const found: string[][] = [];
    for (const clone of clones) {
      const releases = await shop.release({ clone: ['--no-tags', ...clone], inputs: { 'dry-run': 'true' } });
      found.push(releases.map(({ tag }) => tag));
    }
    return found;
  };

  test('when a prerelease from before pulls it up', async () => {
    await using shop = await startScenario({ 'src/a': '1' });
    const early = await shop.push('feat!: b', { 'src/a': '2' });
    await shop.repository.setRef('refs/tags/v2.0.0-rc.1', early);
    for (let at = 0; at < 4; at++) {
      await shop.push(`fix: ${at}`, { 'src/a': `3${at}` });
    }
    await shop.repository.setRef('refs/tags/v1.9.0', (await shop.repository.log('main'))[0]?.sha ?? '');
    await shop.push('fix: c', { 'src/a': '4' });
    expect(await versions(shop)).toEqual(Array(clones.length).fill(['v2.0.0']));
  });

  test('when a first version was asked for long ago', async () => {
    await using shop = await startScenario({ 'src/a': '1' });
    await shop.push('feat: b\n\nRelease-As: 3.0.0', { 'src/a': '2' });
    for (let at = 0; at < 80; at++) {
      await shop.push(`fix: ${at}`, { 'src/a': `3${at}` });
    }
    expect(await versions(shop)).toEqual(Array(clones.length).fill(['v3.0.0']));
  });
});
