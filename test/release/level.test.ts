import { describe, expect, test } from '@jest/globals';
import { summarize, toChanges } from '../../src/release/changes.js';
import type { Commit } from '../../src/release/git/read-commits.js';
import { History } from '../../src/release/history.js';
import { isNoteworthy, type LevelRules, releaseLevel } from '../../src/release/level.js';

const rules: LevelRules = { ignoredTypes: ['docs', 'test', 'ci', 'style'], defaultLevel: 'patch' };

/** Changes of commits in a straight line with these messages, newest first. */
function changes(messages: readonly string[]) {
  const commits = messages.map(
    (message, at): Commit => ({
      sha: `c${at}`,
      parents: [`c${at + 1}`],
      author: 'Ada',
      message,
      paths: ['a'],
    }),
  );
  return toChanges(commits, new History(commits.map(({ sha, parents }) => [sha, ...parents])), 'c0');
}

describe('the level that commits ask for', () => {
  test.each([
    [['fix: a'], 'patch'],
    [['feat: a', 'fix: b'], 'minor'],
    [['feat(cart): a'], 'minor'],
    [['Feat: a'], 'minor'],
    [['feat!: a'], 'major'],
    [['fix(cart)!: a', 'feat: b'], 'major'],
    [['fix: a\n\nBREAKING CHANGE: b is gone'], 'major'],
    [['fix: a\n\ntext\n\nBREAKING-CHANGE: b is gone'], 'major'],
    [['docs!: a'], 'major'],
    [['chore: a'], 'patch'],
    [['refactor: a'], 'patch'],
    [['revert: feat: a'], 'patch'],
    [['Revert "feat: a"\n\nThis reverts commit abc.'], 'patch'],
    [['unheard: a'], 'patch'],
    [['Repair the cart'], 'patch'],
    [[''], 'patch'],
    [['docs: a'], undefined],
    [['docs: a', 'test(x): b', 'ci: c', 'style: d'], undefined],
    [['docs: a', 'Repair'], 'patch'],
    [[], undefined],
  ])('%j: %s', (messages, expected) => {
    expect(releaseLevel(changes(messages), rules)).toBe(expected);
  });

  test.each<[string, Partial<LevelRules>, string[], string | undefined]>([
    ['changes without a conventional title may ask for nothing', { defaultLevel: 'none' }, ['Repair'], undefined],
    ['but what they break counts', { defaultLevel: 'none' }, ['Repair\n\nBREAKING CHANGE: x'], 'major'],
    ['they may ask for a minor release', { defaultLevel: 'minor' }, ['Repair', 'fix: a'], 'minor'],
    ['and then conventional ones still ask for what they say', { defaultLevel: 'minor' }, ['fix: a'], 'patch'],
    ['ignored types are a choice', { ignoredTypes: ['chore'] }, ['chore: a'], undefined],
    ['a type of a team may be ignored', { ignoredTypes: ['wip'] }, ['wip: a'], undefined],
    ['with none ignored, every type releases', { ignoredTypes: [] }, ['docs: a'], 'patch'],
  ])('%s', (_name, change, messages, expected) => {
    expect(releaseLevel(changes(messages), { ...rules, ...change })).toBe(expected);
  });
});

test.each([
  ['docs: a', false],
  ['docs!: a', true],
  ['chore: a', true],
  ['Repair', true],
])('whether %s is worth a line in the notes: %s', (message, expected) => {
  expect(changes([message]).map((change) => isNoteworthy(change, rules))).toEqual([expected]);
});

describe('changes of pull requests', () => {
  /** `m` merges a branch of `f2`, `f1` into `b`. */
  function merged(title: string, second: string, first: string) {
    const commit = (sha: string, parents: string[], message: string): Commit => ({
      sha,
      parents,
      author: 'Ada',
      message,
      paths: ['a'],
    });
    const commits = [
      commit('m', ['b', 'f2'], title),
      commit('f2', ['f1'], second),
      commit('f1', ['b'], first),
      commit('b', [], 'fix: before'),
    ];
    const all = toChanges(commits, new History(commits.map(({ sha, parents }) => [sha, ...parents])), 'm');
    return summarize(all).map(
      ({ said, pullRequest }) => `${said.header}${pullRequest === undefined ? '' : ` #${pullRequest}`}`,
    );
  }

  test.each([
    [
      'a conventional title speaks for its commits',
      'Merge pull request #7 from acme/cart\n\nfeat: a cart',
      'wip',
      'oops',
      ['feat: a cart #7', 'fix: before'],
    ],
    [
      'conventional commits speak beside it, the repeated title once',
      'Merge pull request #7 from acme/cart\n\nfeat: a cart',
      'feat: a cart',
      'fix: sums',
      ['feat: a cart #7', 'fix: sums #7', 'fix: before'],
    ],
    [
      'conventional commits speak for a title that says nothing',
      'Merge pull request #7 from acme/cart\n\nCart',
      'feat: a cart',
      'wip',
      ['feat: a cart #7', 'fix: before'],
    ],
    [
      'a title alone is left of a pull request where nothing is conventional',
      'Merge pull request #7 from acme/cart\n\nCart',
      'wip',
      'oops',
      ['Cart #7', 'fix: before'],
    ],
    [
      'a title with its number at the end is GitHub’s other way',
      'feat: a cart (#7)',
      'wip',
      'oops',
      ['feat: a cart #7', 'fix: before'],
    ],
    [
      'a merge without a pull request is no change itself',
      "Merge branch 'cart'",
      'feat: a cart',
      'oops',
      ['feat: a cart', 'oops', 'fix: before'],
    ],
    [
      'a merge commit without a body has its first line as its title',
      'Merge pull request #7 from acme/cart',
      'wip',
      'oops',
      ['Merge pull request #7 from acme/cart #7', 'fix: before'],
    ],
  ])('%s', (_name, title, second, first, expected) => {
    expect(merged(title, second, first)).toEqual(expected);
  });

  test('a squashed pull request is one commit with its number', () => {
    expect(
      changes(['feat: a cart (#12)\n\n* wip\n* oops']).map(({ said, pullRequest }) => [said.subject, pullRequest]),
    ).toEqual([['a cart', 12]]);
  });
});
