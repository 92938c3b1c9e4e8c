import { describe, expect, test } from '@jest/globals';
import { isStale } from '../../../../src/github/graphql-error.js';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import { isReleaseOf, reachBackTo, releasesBetween } from '../../../../src/ops/releases/releases-between.js';
import { chooseEnvironments } from '../../../../src/ops/verbs/bump/environments.js';
import type { AppTarget } from '../../../../src/ops/verbs/bump/request.js';
import { targetsOf } from '../../../../src/ops/verbs/bump/targets.js';

describe('the environments of a bump', () => {
  const policy = readPolicy('environments:\n  production: { after: staging }\n  staging: {}\n');
  const none = readPolicy(undefined);

  test('are those that were named', () => {
    expect(chooseEnvironments(['staging', 'staging'], policy, [], 'acme/ops')).toEqual({
      names: ['staging'],
      named: true,
    });
  });

  test("are else the policy's, in the order that versions move", () => {
    expect(chooseEnvironments([], policy, ['demo'], 'acme/ops').names).toEqual(['staging', 'production']);
  });

  test('are else the folders', () => {
    expect(chooseEnvironments([], none, ['staging', 'demo'], 'acme/ops').names).toEqual(['demo', 'staging']);
  });

  test.each<[string[], string]>([
    [['stagin'], 'There is no environment "stagin" in acme/ops. It has: staging, production.'],
  ])('%j are refused', (named, message) => {
    expect(() => chooseEnvironments(named, policy, [], 'acme/ops')).toThrow(message);
  });

  test('are missed where there are none', () => {
    expect(() => chooseEnvironments([], none, [], 'acme/ops')).toThrow('acme/ops has no environments');
  });
});

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

describe('what is set for an app', () => {
  const app = {
    app: 'my-app',
    version: '1.4.0',
    images: [],
    release: undefined,
    source: { repository: 'acme/apps', sha: 'b'.repeat(40) },
  };
  /** As a guest's app, which its own repository knows by its first name. */
  const unit = (target: AppTarget) => ({ target: { ...target, app: `growth-${target.app}` }, nameInApps: target.app });

  test.each([
    ['my-app-v1.4.0', 'apps/my-app'],
    ['v1.4.0', '.'],
  ])('has the base of the release %s in %s', (tag, appPath) => {
    const target = { kind: 'base', repository: 'acme/apps', appPath, gitTag: tag };
    expect(targetsOf(unit({ ...app, release: { tag, notes: '', url: '' } }), undefined)).toEqual([target]);
    expect(targetsOf(unit(app), [{ tag, url: '', notes: '' }])).toEqual([target]);
  });

  test('has no base whose tag would be made up', () => {
    expect(targetsOf(unit(app), [{ tag: 'my-app-v1.3.0', url: '', notes: '' }])).toEqual([]);
    expect(targetsOf(unit(app), undefined)).toEqual([]);
  });
});

describe('a refusal of GitHub', () => {
  test.each([
    [{ message: 'Expected branch to point to "a" but it did not.  Pull and try again.', type: 'STALE_DATA' }, true],
    [{ message: 'A ref named "refs/heads/x" already exists in the repository.', type: 'UNPROCESSABLE' }, true],
    [{ message: 'A pull request already exists for acme:x.', type: 'UNPROCESSABLE' }, true],
    [{ message: 'No commits between main and x', type: 'UNPROCESSABLE' }, true],
    [{ message: 'Resource not accessible by integration', type: 'FORBIDDEN' }, false],
    [{ message: 'Repository rule violations found', type: 'UNPROCESSABLE' }, false],
  ])('%j is a race: %s', (error, stale) => {
    expect(isStale({ ...error, path: [] })).toBe(stale);
  });
});
