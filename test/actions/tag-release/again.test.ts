import { describe, expect, test } from '@jest/globals';
import { startScenario } from './support/scenario.js';

const files = { 'apps/web/a': '1', 'apps/api/a': '1' };

describe('running again', () => {
  test('on a released commit returns its releases and writes nothing', async () => {
    await using shop = await startScenario(files);
    const first = await shop.release();
    const again = await shop.release();
    expect(again).toEqual(first.map((release) => ({ ...release, level: null, created: false })));
    expect(shop.requests()).toEqual(['POST ReleasePages 200']);
  });

  // Each writing request once answered with a broken connection, with and without having taken place.
  const writes = [/POST .*\/git\/tags/, /POST .*\/git\/refs/, /POST .*\/releases/];
  const cases = writes.flatMap((match) => (['before', 'after'] as const).map((when) => ({ match, when })));
  test.each(cases)('$match lost $when it took place: one tag and one release in the end', async ({ match, when }) => {
    await using shop = await startScenario(files);
    shop.stage.github.faults.add({ match, when, kind: 'reset', skip: 1 });
    const releases = await shop.release();
    expect(releases.map(({ tag }) => tag)).toEqual(['api-v0.1.0', 'web-v0.1.0']);
    const refs = Object.keys(await shop.repository.refs()).filter((name) => name.startsWith('refs/tags/'));
    expect(refs).toEqual(['refs/tags/api-v0.1.0', 'refs/tags/web-v0.1.0']);
    expect(await shop.rest('GET', 'releases')).toHaveLength(2);
  });

  test.each([
    ['the tag object', /POST .*\/git\/refs/],
    ['the tag', /POST .*\/releases/],
  ])('after a run that was stopped behind %s ends in the same state', async (_name, match) => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    await shop.release();
    await shop.push('feat: b', { 'apps/web/a': '2' });
    shop.stage.github.faults.add({ match, kind: 'status', status: 403 });
    const stopped = await shop.run();
    expect(stopped.exitCode).toBe(1);
    const [release] = await shop.release();
    expect(release).toMatchObject({
      tag: 'web-v0.2.0',
      previous: 'web-v0.1.0',
      url: expect.stringMatching(/web-v0\.2\.0$/),
    });
    expect(shop.plain(release?.notes ?? '')).toMatch(/^### Features\n\n- b by /);
    expect(await shop.rest('GET', 'releases')).toHaveLength(2);
  });

  test('a run stopped between tag and page is made good by one on a later commit', async () => {
    await using shop = await startScenario(files);
    shop.stage.github.faults.add({ match: /POST .*\/releases/, kind: 'status', status: 403 });
    await shop.run({ inputs: { 'track-delivery': 'true' } });
    await shop.push('docs: b', { 'apps/web/README.md': '1' });
    const releases = await shop.release({ inputs: { 'track-delivery': 'true' } });
    expect(releases.map(({ tag, created }) => [tag, created])).toEqual([
      ['api-v0.1.0', false],
      ['web-v0.1.0', true],
    ]);
    expect(await shop.rest('GET', 'releases')).toHaveLength(2);
  });

  test('a release that is still on its way is returned by later runs, until it is delivered', async () => {
    await using shop = await startScenario(files);
    const inputs = { 'track-delivery': 'true' };
    const [api] = await shop.release({ inputs });
    await shop.push('fix: b', { 'apps/web/a': '2' });
    const later = await shop.release({ inputs });
    expect(later).toMatchObject([
      { tag: 'api-v0.1.0', sha: api?.sha, created: false, notes: api?.notes },
      { tag: 'web-v0.1.1', created: true },
    ]);
    const page = await shop.rest('GET', 'releases/tags/api-v0.1.0');
    expect(page).toMatchObject({ body: expect.stringContaining('<!-- ostack:delivery pending -->') });
  });

  test('tags from before, which have no release page, are left alone', async () => {
    await using shop = await startScenario({ 'apps/web/a': '1' });
    const sha = (await shop.repository.log('main'))[0]?.sha ?? '';
    await shop.repository.setRef('refs/tags/web-v3.1.4', sha);
    await shop.push('docs: b', { 'apps/web/README.md': '1' });
    expect(await shop.release()).toEqual([]);
    await shop.push('fix: b', { 'apps/web/a': '2' });
    expect(await shop.release()).toMatchObject([{ tag: 'web-v3.1.5', previous: 'web-v3.1.4' }]);
  });
});

describe('a change that is taken back', () => {
  test('is no release, and brought back it is one', async () => {
    await using shop = await startScenario(files);
    await shop.release();
    const feature = await shop.push('feat: b', { 'apps/web/a': '2' });
    const back = await shop.push(`Revert "feat: b"\n\nThis reverts commit ${feature}.`, { 'apps/web/a': '1' });
    const result = await shop.run();
    expect(result.outputs.released).toBe('false');
    expect(result.summary).toContain('what was changed has been taken back');
    await shop.push(`Revert "Revert "feat: b""\n\nThis reverts commit ${back}.`, { 'apps/web/a': '2' });
    const [release] = await shop.release();
    expect(release).toMatchObject({ tag: 'web-v0.2.0', level: 'minor' });
    expect(release?.notes.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(1);
  });

  test('by hand is no release either: the files are those of the last one', async () => {
    await using shop = await startScenario(files);
    await shop.release();
    await shop.push('feat: b', { 'apps/web/a': '2' });
    await shop.push('fix: as it was', { 'apps/web/a': '1' });
    expect(await shop.release()).toEqual([]);
  });

  test('in part is a patch', async () => {
    await using shop = await startScenario(files);
    await shop.release();
    await shop.push('feat: b', { 'apps/web/a': '2' });
    await shop.push('Revert "feat: b"', { 'apps/web/a': '3' });
    expect(await shop.release()).toMatchObject([{ tag: 'web-v0.1.1', level: 'patch' }]);
  });
});
