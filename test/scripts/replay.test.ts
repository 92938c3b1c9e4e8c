import { describe, expect, test } from '@jest/globals';
import { replay } from '../../scripts/replay/replay.js';
import { reportReplay } from '../../scripts/replay/report.js';
import { TagFormat } from '../../src/release/tags.js';
import { tempRepository } from '../release/support/temp-repository.js';

const asked = (folder: string, after = '0.0.0') => ({
  folder,
  app: { name: 'shop', path: '.', shared: [], test: undefined, images: [] },
  rules: {
    format: new TagFormat('v{version}', true),
    firstVersion: '0.1.0',
    prerelease: undefined,
    defaultLevel: 'patch' as const,
    ignoredTypes: ['docs'],
  },
  after,
});

/** Four releases, the third of which a person numbered by hand, and one of another line with a later date. */
async function released() {
  const repository = await tempRepository();
  for (const [message, tag] of [
    ['feat: a', 'v1.0.0'],
    ['fix: b', 'v1.0.1'],
    ['feat: c', 'v1.0.2'],
    ['fix!: d', 'v2.0.0'],
  ] as const) {
    await repository.commit(message, { a: message });
    await repository.git('tag', '-a', '-m', tag, tag);
  }
  await repository.commit('docs: e', { README: '' });
  await repository.git('checkout', '--quiet', '-b', 'line', 'v1.0.2');
  await repository.commit('fix: f', { b: '' });
  await repository.git('tag', 'v1.0.3');
  return repository;
}

describe('a replay', () => {
  test('plans each release with what was there at the time', async () => {
    await using repository = await released();
    const rows = await replay(asked(repository.folder));
    expect(rows.map(({ last, actual, ours }) => [last, actual, ours])).toEqual([
      ['1.0.0', '1.0.1', '1.0.1'],
      ['1.0.1', '1.0.2', '1.1.0'],
      ['1.0.2', '1.0.3', '1.0.3'],
      ['1.0.2', '2.0.0', '2.0.0'],
    ]);
    expect(
      reportReplay(rows, 20)
        .replace(/[0-9a-f]{9}/, '<commit>')
        .split('\n'),
    ).toEqual([
      'v1.0.2 follows 1.0.1; ours is 1.1.0',
      '    <commit> feat: c',
      '3 of 4 releases are the same (75.0 %); 3 of 4 releases are the same (75.0 %) from 1.0.0 on',
    ]);
    expect(reportReplay(rows, 0)).toMatch(/^… and 1 more that differ\n3 of 4/);
  });

  test('leaves out what came before a version', async () => {
    await using repository = await released();
    expect((await replay(asked(repository.folder, '1.0.2'))).map(({ tag }) => tag)).toEqual(['v1.0.3', 'v2.0.0']);
  });
});
