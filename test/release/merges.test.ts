import { describe, expect, test } from '@jest/globals';
import { summarize, toChanges } from '../../src/release/changes.js';
import type { Commit } from '../../src/release/git/read-commits.js';
import { History } from '../../src/release/history.js';

/** Commits from the newest on, as `id: parent parent: message`. GitHub made those with a star after the id. */
function told(...lines: string[]): string[] {
  const commits = lines.map((line): Commit => {
    const [, sha = '', star, parents = '', message = ''] = /^(\w+)(\*?):([^:]*): (.*)$/s.exec(line) ?? [];
    return {
      sha,
      parents: parents.split(' ').filter((id) => id !== ''),
      author: 'Ada',
      ...(star === '*' ? { madeByGitHub: true } : {}),
      message,
      paths: ['a'],
    };
  });
  const history = new History(commits.map(({ sha, parents }) => [sha, ...parents]));
  return summarize(toChanges(commits, history, commits[0]?.sha ?? '')).map(
    ({ said, pullRequest }) => `${said.header}${pullRequest === undefined ? '' : ` #${pullRequest}`}`,
  );
}

const merge = (number: number, branch: string, title: string) =>
  `Merge pull request #${number} from acme/${branch}\n\n${title}`;

describe('pull requests that come by another branch', () => {
  test('count with their own titles and numbers, and the one that brings them does not', () => {
    expect(
      told(
        `m9: b m8: ${merge(9, 'develop', 'Release of May')}`,
        `m8: m7 g1: ${merge(8, 'sums', 'fix: sums')}`,
        'g1: m7: wip',
        `m7: d0 f1: ${merge(7, 'cart', 'feat: a cart')}`,
        'f1: d0: wip',
        'd0: b: chore: on develop',
        'b:: fix: before',
      ),
    ).toEqual(['fix: sums #8', 'feat: a cart #7', 'chore: on develop #9', 'fix: before']);
  });

  test.each(['Back to develop', 'chore: back to develop'])(
    'do not count for what is released, as one that leads back to an integration branch: %s',
    (title) => {
      expect(
        told(
          `m9: r1 m8: ${merge(9, 'develop', 'Release of June')}`,
          `m8: m7 g1: ${merge(8, 'sums', 'fix: sums')}`,
          'g1: m7: wip',
          `m7: d0 r1: ${merge(7, 'main', title)}`,
        ),
      ).toEqual(['fix: sums #8']);
    },
  );

  test('count so too where no pull request brings them', () => {
    expect(
      told(
        "m9: b m7: Merge branch 'develop'",
        `m7: d0 f1: ${merge(7, 'cart', 'feat: a cart')}`,
        'f1: d0: wip',
        'd0: b: fix: on develop',
        'b:: fix: before',
      ),
    ).toEqual(['feat: a cart #7', 'fix: on develop', 'fix: before']);
  });

  test('count with their own numbers where GitHub squashed them', () => {
    expect(
      told(
        `m9: b s8: ${merge(9, 'develop', 'Release of May')}`,
        's8*: s7: fix: sums (#8)',
        's7*: b: A cart (#7)',
        'b:: fix: before',
      ),
    ).toEqual(['fix: sums #8', 'A cart #7', 'fix: before']);
  });

  test('and the title of the one that brings them counts where it is conventional', () => {
    expect(
      told(
        `m9: b m7: ${merge(9, 'develop', 'feat: the shop of May')}`,
        `m7: b f1: ${merge(7, 'cart', 'fix: a cart')}`,
        'f1: b: wip',
        'b:: fix: before',
      ),
    ).toEqual(['feat: the shop of May #9', 'fix: a cart #7', 'fix: before']);
  });

  test('through three branches are told once', () => {
    expect(
      told(
        `m11: b m10: ${merge(11, 'release/5', 'Release 5')}`,
        `m10: b m7: ${merge(10, 'develop', 'Into the release branch')}`,
        `m7: b f1: ${merge(7, 'cart', 'feat: a cart')}`,
        'f1: b: fix: sums',
        'b:: fix: before',
      ),
    ).toEqual(['feat: a cart #7', 'fix: sums #7', 'fix: before']);
  });

  test('and are cherry-picked to the main line before are told once', () => {
    expect(
      told(
        `m9: c s7: ${merge(9, 'develop', 'Release of May')}`,
        'c: b: feat: a cart (#7)',
        's7*: b: feat: a cart (#7)',
        'b:: fix: before',
      ),
    ).toEqual(['feat: a cart #7', 'fix: before']);
  });

  test('keep theirs when the main line was merged back in between', () => {
    expect(
      told(
        `m9: h m8: ${merge(9, 'develop', 'Release of May')}`,
        `m8: back f1: ${merge(8, 'cart', 'feat: a cart')}`,
        'f1: back: wip',
        "back: d h: Merge branch 'main' into develop",
        `h: b x1: ${merge(6, 'hot', 'fix: hot')}`,
        'x1: b: hot',
        'd: b: chore: on develop',
        'b:: fix: before',
      ),
    ).toEqual(['feat: a cart #8', 'fix: hot #6', 'chore: on develop #9', 'fix: before']);
  });
});

test('a commit of a pull request that names an issue stays part of it', () => {
  expect(told(`m7: b f1: ${merge(7, 'cart', 'feat: a cart')}`, 'f1: b: Crash (#123)', 'b:: fix: before')).toEqual([
    'feat: a cart #7',
    'fix: before',
  ]);
});
