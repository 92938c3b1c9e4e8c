import { describe, expect, test } from '@jest/globals';
import { supersededBy } from '../../../src/ops/releases/superseded.js';
import type { BranchCommit, PullRequest } from '../../../src/ops/repository/pull-request.js';

const appEnvironment = { environment: 'production', app: 'shop' };

function bumpTo(version: string, app = 'shop'): BranchCommit {
  const trailers = { action: 'bump-ops-overlay', environment: 'production', app, version };
  return {
    oid: 'a',
    firstParent: 'b',
    headline: 'x',
    trailers: { ...trailers, images: [], source: undefined, run: undefined },
  };
}

const byHand: BranchCommit = { oid: 'c', firstParent: 'a', headline: 'y', trailers: undefined };

function pull(...commits: BranchCommit[]): PullRequest {
  return {
    ...{ id: 'PR_1', number: 12, url: 'https://github.test/12', state: 'OPEN', title: '', body: '', headOid: 'c' },
    ...{
      mergeable: 'MERGEABLE',
      outdated: false,
      autoMerge: false,
      inQueue: false,
      hasFollowed: true,
      changes: { files: [], isCut: false },
      labels: [],
      hasReviewers: false,
    },
    ...{ hasAssignees: false, commits, commitCount: commits.length },
  };
}

const found = (version: string, theirs = false) => ({
  ...{ app: 'shop', number: 12, url: 'https://github.test/12', version, theirs },
});

describe('an open pull request of a release is superfluous', () => {
  test.each<[string, PullRequest | undefined, string | null, unknown]>([
    ['where the environment holds that version', pull(bumpTo('1.3.0')), '1.3.0', found('1.3.0')],
    ['where it holds it under a tag', pull(bumpTo('1.3.0')), 'v1.3.0', found('1.3.0')],
    ['where it holds a newer one', pull(bumpTo('1.3.0')), '1.4.0', found('1.3.0')],
    ['by its newest commit', pull(bumpTo('1.2.0'), bumpTo('1.4.0')), '1.3.0', undefined],
    ['never where it proposes a newer one', pull(bumpTo('1.3.0')), '1.3.0-rc.1', undefined],
    ['never where the two cannot be compared', pull(bumpTo('1.3.0')), 'main-3f2a1b', undefined],
    ['where both are the same tag, whatever that is', pull(bumpTo('main-3f2a1b')), 'main-3f2a1b', found('main-3f2a1b')],
    ['never where nobody knows what is held', pull(bumpTo('1.3.0')), null, undefined],
    ['and people’s where they pushed to it', pull(bumpTo('1.3.0'), byHand), '1.3.0', found('1.3.0', true)],
    ['never where nothing of it is a release', pull(byHand), '1.3.0', undefined],
    ['never where it is about another app', pull(bumpTo('1.3.0', 'mailer')), '1.3.0', undefined],
    ['never where there is none', undefined, '1.3.0', undefined],
  ])('%s', (_, open, held, expected) => {
    expect(supersededBy(open, appEnvironment, held)).toEqual(expected);
  });
});

test('commits that were not read may be people’s', () => {
  expect(supersededBy({ ...pull(bumpTo('1.3.0')), commitCount: 101 }, appEnvironment, '1.3.0')).toEqual(
    found('1.3.0', true),
  );
});

test('a chart and an app are not compared: only what holds a chart as its version makes the pull request of a chart needless', () => {
  const [{ trailers } = byHand] = [bumpTo('1.3.0')];
  const ofChart = pull({
    ...bumpTo('1.3.0'),
    trailers: trailers && { ...trailers, images: [], charts: ['shop 1.3.0'] },
  });
  expect(supersededBy(ofChart, appEnvironment, '1.4.0')).toBeUndefined();
  expect(supersededBy(ofChart, appEnvironment, '1.4.0', 'shop')).toEqual(found('1.3.0'));
  expect(supersededBy(pull(bumpTo('1.3.0')), appEnvironment, '1.4.0', 'shop')).toBeUndefined();
});
