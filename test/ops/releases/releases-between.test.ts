import { describe, expect, test } from '@jest/globals';
import { isReleaseOf, reachBackTo, releasesBetween } from '../../../src/ops/releases/releases-between.js';

describe('the releases in between', () => {
  const releases = [
    'my-app-v1.2.0',
    'my-app-v1.4.0',
    'my-app-v1.4.0-rc.1',
    'my-app-v1.3.0',
    'other-v1.3.5',
    'my-app-v1.5.0',
    'nightly',
  ].map((tag) => ({ tag, url: '', notes: '' }));

  test.each<[string, string | null, string, string[]]>([
    ['after what is deployed, newest first', '1.2.0', '1.4.0', ['my-app-v1.4.0', 'my-app-v1.3.0']],
    ['with prereleases on the way to one', '1.3.0', '1.4.0-rc.1', ['my-app-v1.4.0-rc.1']],
    ['only itself where nothing is deployed', null, '1.4.0', ['my-app-v1.4.0']],
    ['none for a tag that is no version', '1.2.0', 'main-3f2a1b', []],
  ])('are those %s', (_name, from, to, tags) => {
    expect(releasesBetween(releases, 'my-app', from, to).map(({ tag }) => tag)).toEqual(tags);
  });

  test.each([
    ['my-app-v1.0.0', true],
    ['my-app@1.0.0', true],
    ['my-app/v1.0.0-rc.1', true],
    ['v1.0.0', true],
    ['my-app-web-v1.0.0', false],
    ['app-v1.0.0', false],
    ['my-app', false],
  ])('%s belongs to my-app: %s', (tag, belongs) => {
    expect(isReleaseOf(tag, 'my-app')).toBe(belongs);
  });
});

describe('a list of the newest releases', () => {
  const newest = (...tags: string[]) =>
    [...Array.from({ length: 100 - tags.length }, (_, index) => `other-v1.0.${index}`), ...tags].map((tag) => ({
      tag,
      url: '',
      notes: '',
    }));

  test.each<[string, boolean, string[], string | null]>([
    ['reaches back to what it holds', true, ['my-app-v1.3.0', 'my-app-v1.2.0'], '1.2.0'],
    ['reaches back to what it holds older ones than', true, ['my-app-v1.3.0', 'my-app-v1.1.0'], '1.2.0'],
    ['may miss some where it ends before', false, ['my-app-v1.4.0', 'my-app-v1.3.0'], '1.2.0'],
    ['is not asked for more where nothing is deployed', true, ['my-app-v1.3.0'], null],
    ['is not asked for more where no version is deployed', true, ['my-app-v1.3.0'], 'main-3f2a1b'],
  ])('%s', (_name, expected, tags, from) => {
    expect(reachBackTo(from, newest(...tags), 'my-app')).toBe(expected);
  });

  test('that is all there is misses none', () => {
    expect(reachBackTo('1.2.0', newest('my-app-v1.4.0').slice(1), 'my-app')).toBe(true);
  });
});

describe('releases of another tag-format', () => {
  const releases = ['release-my-app-1.4.0', 'release-my-app-1.3.0', 'release-other-1.3.5'].map((tag) => ({
    tag,
    url: '',
    notes: '',
  }));

  test('are told by the tag of the release that is proposed', () => {
    const tags = (like?: string) => releasesBetween(releases, 'my-app', '1.2.0', '1.4.0', like).map(({ tag }) => tag);
    expect(tags('release-my-app-1.4.0')).toEqual(['release-my-app-1.4.0', 'release-my-app-1.3.0']);
    expect(tags()).toEqual([]);
  });
});
