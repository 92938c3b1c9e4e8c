import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Change, toChanges } from '../../src/release/changes.js';
import type { Commit } from '../../src/release/git/read-commits.js';
import { History } from '../../src/release/history.js';
import { withoutReverted } from '../../src/release/without-reverted.js';

const id = (at: number) => String(at).padStart(2, '0').repeat(20);

/** Changes of commits in a straight line, oldest first as people make them; `%0` is the id of the first commit. */
function changes(messages: readonly string[]): Change[] {
  const commits = messages.map(
    (message, at): Commit => ({
      sha: id(at),
      parents: at === 0 ? [] : [id(at - 1)],
      author: 'Ada',
      message: message.replace(/%(\d+)/g, (_all, number: string) => id(Number(number))),
      paths: ['a'],
    }),
  );
  const newest = commits.toReversed();
  return toChanges(newest, new History(newest.map(({ sha, parents }) => [sha, ...parents])), newest[0]?.sha ?? '');
}

const left = (all: readonly Change[]) => withoutReverted(all).map(({ said }) => said.header);

describe('a revert takes back', () => {
  test.each<[string, string[], string[]]>([
    ['what its line names', ['feat: a', 'Revert "feat: a"\n\nThis reverts commit %0.'], []],
    ['by its line alone', ['feat: a', 'fix: roll back\n\nThis reverts commit %0.'], []],
    ['by its subject alone', ['feat: a', 'Revert "feat: a"'], []],
    ['as Conventional Commits say it', ['feat: a', 'revert: feat: a\n\nThis reverts commit %0.'], []],
    ['the nearest of two with one title', ['feat: a', 'feat: a', 'Revert "feat: a"'], ['feat: a']],
    ['a squashed pull request', ['feat: a (#7)', 'Revert "feat: a (#7)" (#8)\n\nReverts acme/shop#7'], []],
    ['a pull request whose title was changed', ['feat: a (#7)', 'Revert "feat: b" (#8)\n\nReverts acme/shop#7'], []],
    ['several at once', ['feat: a', 'fix: b', 'Back\n\nThis reverts commit %0.\nThis reverts commit %1.'], []],
    ['and nothing else', ['feat: a', 'fix: b', 'Revert "feat: a"\n\nThis reverts commit %0.'], ['fix: b']],
    ['a break too', ['feat!: a', 'docs: b', 'Revert "feat!: a"\n\nThis reverts commit %0.'], ['docs: b']],
    [
      'a revert: the change is there again',
      [
        'feat: a',
        'Revert "feat: a"\n\nThis reverts commit %0.',
        'Revert "Revert "feat: a""\n\nThis reverts commit %1.',
      ],
      ['feat: a'],
    ],
    [
      'a revert, in the words of newer versions of git',
      ['feat: a', 'Revert "feat: a"', 'Reapply "feat: a"'],
      ['feat: a'],
    ],
    [
      'what a squashed pull request lists, which does more',
      ['feat: a', 'fix: z', 'feat: b (#8)\n\n* Revert "feat: a"\n\nThis reverts commit %0.\n\n* feat: another way'],
      ['feat: b', 'fix: z'],
    ],
    [
      'all that a squashed pull request lists, which does no more',
      ['feat: a', 'Revert "feat: a" (#8)\n\n* Revert "feat: a"\n\nThis reverts commit %0.\n\n* Sort'],
      [],
    ],
    ['what its line names and explains', ['feat: a', 'Back\n\nThis reverts commit %0 ("feat: a").'], []],
    ['a revert of a revert', ['a', 'Revert "a"', 'Reapply "a"', 'Revert "Reapply "a""'], []],
  ])('%s', (_name, messages, expected) => {
    expect(left(changes(messages))).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ['released already', ['fix: b', `Revert "feat: a"\n\nThis reverts commit ${'f'.repeat(40)}.`]],
    ['not there', ['feat: a', 'Revert "feat: b"']],
    ['newer than itself', ['Revert "feat: a"', 'feat: a']],
    ['taken back in part', ['feat: a', 'fix: b\n\nThis reverts commit %0 in part.']],
    ['only told of in a quote', ['feat: a', 'fix: b\n\n> This reverts commit %0.']],
  ])('nothing that is %s', (_name, messages) => {
    expect(left(changes(messages))).toHaveLength(messages.length);
  });

  test('of two commits only the one that is not released, and stays a change for the other', () => {
    const released = 'f'.repeat(40);
    expect(left(changes(['feat: a', `Back\n\nThis reverts commit %0.\nThis reverts commit ${released}.`]))).toEqual([
      'Back',
    ]);
  });

  test('any chain of reverts: what is left is the change where it was brought back as often as taken', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.boolean(), (length, byLine) => {
        const messages = ['feat: a'];
        for (let at = 0; at < length; at++) {
          messages.push(`Revert "${messages[at]?.split('\n')[0]}"${byLine ? `\n\nThis reverts commit %${at}.` : ''}`);
        }
        expect(left(changes(messages))).toEqual(length % 2 === 0 ? ['feat: a'] : []);
      }),
    );
  });
});

describe('a revert of a merged pull request', () => {
  const commit = (sha: string, parents: string[], message: string): Commit => ({
    sha,
    parents,
    author: 'Ada',
    message,
    paths: ['a'],
  });
  const cart = [
    commit('aaaaaaa7', ['base', 'f1'], 'Merge pull request #7 from acme/cart\n\nfeat: a cart'),
    commit('f1', ['base'], 'fix: sums'),
  ];
  const history = (commits: Commit[]) => new History(commits.map(({ sha, parents }) => [sha, ...parents]));

  test.each<[string, Commit[]]>([
    [
      'made with git',
      [
        commit(
          'r',
          ['aaaaaaa7'],
          'Revert "Merge pull request #7 from acme/cart"\n\nThis reverts commit aaaaaaa7, reversing\nchanges made to base.',
        ),
      ],
    ],
    [
      'made on GitHub and merged with a merge commit',
      [
        commit('m8', ['aaaaaaa7', 'r1'], 'Merge pull request #8 from acme/revert-7\n\nRevert "feat: a cart"'),
        commit('r1', ['aaaaaaa7'], 'Revert "feat: a cart"\n\nThis reverts commit aaaaaaa7.'),
      ],
    ],
    ['made on GitHub and squashed', [commit('s', ['aaaaaaa7'], 'Revert "feat: a cart" (#8)\n\nReverts acme/shop#7')]],
  ])('%s takes back its title and its commits', (_name, reverts) => {
    const all = [...reverts, ...cart];
    expect(left(toChanges(all, history(all), all[0]?.sha ?? ''))).toEqual([]);
  });
});
