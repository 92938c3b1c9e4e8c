import { describe, expect, test } from '@jest/globals';
import { startScenario } from './support/scenario.js';

describe('runs at the same time', () => {
  test('an older commit that loses the race is not released after the newer one', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    await shop.release();
    const older = await shop.push('fix: a', { 'apps/web/a': '2' });
    await shop.push('fix: b', { 'apps/web/a': '3' });
    const result = await shop.run({ sha: older, between: () => shop.release() });
    expect(result.exitCode).toBe(0);
    expect(result.outputs).toMatchObject({ releases: '[]', released: 'false' });
    expect(shop.plain(result.summary)).toMatchSnapshot();
  });

  test('a tag taken while this run was at work is read, and the release planned again', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1', 'apps/api/a': '1' });
    await shop.release();
    const older = await shop.push('fix: a', { 'apps/web/a': '2' });
    const newer = await shop.push('feat: b', { 'apps/web/b': '2', 'apps/api/b': '2' });
    // The moment before this run creates its ref, the other run, on the older commit, creates the same one.
    let raced: Promise<void> | undefined;
    shop.stage.github.faults.add({
      match: ({ method, path, body }) => {
        if (method === 'POST' && path.endsWith('/git/refs') && body.includes('web-v0.2.0')) {
          raced ??= shop.repository.setRef('refs/tags/web-v0.2.0', older);
        }
        return raced !== undefined && path.endsWith('/git/refs');
      },
      kind: 'latency',
      ms: 300,
    });
    const releases = await shop.release();
    await raced;
    expect(releases).toMatchObject([
      { tag: 'api-v0.2.0', sha: newer, created: true },
      { tag: 'web-v0.3.0', previous: 'web-v0.2.0', sha: newer, created: true },
    ]);
  });

  test('two runs on one commit make one release, and both return it', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    const both = await Promise.all([shop.release(), shop.release()]);
    expect(both.flat().map(({ tag, url }) => [tag, shop.plain(url)])).toEqual(
      Array(2).fill(['web-v0.1.0', 'https://github.test/acme/shop/releases/tag/web-v0.1.0']),
    );
    expect(await shop.rest('GET', 'releases')).toHaveLength(1);
  });
});
