import { describe, expect, test } from '@jest/globals';
import { arrivalsOf, arrivedSince, type ChainCommit } from '../../../../src/ops/verbs/audit/arrivals.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute));

/** A commit on another one. @param pulls `number>commit in which its merge ended` */
function commit(oid: string, parent: string, minute: number, pulls: readonly string[] = []): ChainCommit {
  const merged = pulls.map((pull) => {
    const [number, mergeCommit = ''] = pull.split('>');
    return { number: Number(number), mergedAt: at(minute), mergeCommit };
  });
  return { oid, parent, message: oid, committedAt: at(minute), author: 'claimed', pulls: merged };
}

const push = (before: string, after: string, minute: number, actor: string | undefined = 'ada') => ({
  ...{ id: minute, before, after, at: at(minute), actor, isForced: false },
});

/** `before..head [messages] #pull by ada at 12:05`, oldest first. */
function arrived(chain: ChainCommit[], pushes: ReturnType<typeof push>[]): string[] {
  return arrivalsOf(chain, pushes).map(
    ({ base, head, messages, pull, pushedBy, at: time }) =>
      `${base}..${head} [${messages.join(' ')}]${pull === undefined ? '' : ` #${pull}`} by ${pushedBy} at ${time.toISOString().slice(11, 16)}`,
  );
}

describe('What arrived together', () => {
  test.each<[string, ChainCommit[], ReturnType<typeof push>[], string[]]>([
    [
      'the commits of one push are one change',
      [commit('b', 'a', 9), commit('a', 'o', 8)],
      [push('o', 'b', 10)],
      ['o..b [a b] by ada at 12:10'],
    ],
    [
      'two pushes are two',
      [commit('b', 'a', 9), commit('a', 'o', 8)],
      [push('a', 'b', 11), push('o', 'a', 10, 'bob')],
      ['o..a [a] by bob at 12:10', 'a..b [b] by ada at 12:11'],
    ],
    [
      'the commits of a rebased pull request are one change',
      [commit('b', 'a', 9, ['5>b']), commit('a', 'o', 8, ['5>b'])],
      [push('o', 'b', 9)],
      ['o..b [a b] #5 by ada at 12:09'],
    ],
    [
      'a commit that was pushed below the merge of a pull request has none of its approvals',
      [commit('m', 'c', 9, ['5>m']), commit('c', 'o', 8)],
      [push('o', 'm', 9)],
      ['o..c [c] by ada at 12:09', 'c..m [m] #5 by ada at 12:09'],
    ],
    [
      'a commit that was pushed on top of it has none either',
      [commit('c', 'm', 9), commit('m', 'o', 8, ['5>m'])],
      [push('o', 'c', 9)],
      ['o..m [m] #5 by ada at 12:08', 'm..c [c] by ada at 12:09'],
    ],
    [
      'what a queue merged at once is judged by pull request',
      [commit('n', 'm', 9, ['6>n']), commit('m', 'o', 9, ['5>m'])],
      [push('o', 'n', 9, 'github-merge-queue[bot]')],
      ['o..m [m] #5 by github-merge-queue[bot] at 12:09', 'm..n [n] #6 by github-merge-queue[bot] at 12:09'],
    ],
    [
      'a commit of a pull request that was pushed by hand is no merge of it',
      [commit('h', 'o', 9, ['5>elsewhere'])],
      [push('o', 'h', 9)],
      ['o..h [h] by ada at 12:09'],
    ],
    [
      'a date in a commit does not count where GitHub knows better',
      [commit('a', 'o', 1)],
      [push('o', 'a', 30)],
      ['o..a [a] by ada at 12:30'],
    ],
    [
      'what GitHub has no record of is judged commit by commit, and none before what is below it',
      [commit('b', 'a', 2), commit('a', 'o', 7)],
      [],
      ['o..a [a] by claimed (by the commit) at 12:07', 'a..b [b] by claimed (by the commit) at 12:07'],
    ],
    [
      'the twin of a pull request that the same push closed is not what was merged',
      [commit('m', 'o', 9, ['7>m', '5>m'])],
      [push('o', 'm', 9)],
      ['o..m [m] #5 by ada at 12:09'],
    ],
  ])('%s', (_name, chain, pushes, expected) => {
    expect(arrived(chain, pushes)).toEqual(expected);
  });
});

describe('What arrived since a time, where nothing tells what was judged', () => {
  const CHAIN = [
    commit('f', 'e', 1),
    commit('e', 'd', 50, ['2>e']),
    commit('d', 'c', 1),
    commit('c', 'b', 1),
    commit('b', 'a', 20, ['1>b']),
    commit('a', 'o', 1),
  ];
  const PUSHES = [push('e', 'f', 55), push('d', 'e', 50), push('b', 'd', 40), push('a', 'b', 20)];
  test.each<[string, ChainCommit[], ReturnType<typeof push>[], number, string]>([
    ['is all that was pushed and merged after it, whatever commits claim', CHAIN, PUSHES, 20, 'f e d c'],
    ['ends with the first that arrived before', CHAIN, PUSHES, 45, 'f e'],
    ['is all where all is newer', CHAIN, PUSHES, 10, 'f e d c b'],
    ['is nothing where nothing is', CHAIN, PUSHES, 59, ''],
    ['has what lies between two that are known', CHAIN, [push('e', 'f', 55)], 10, 'f e d c b'],
    ['has all commits of its last push', CHAIN, [push('b', 'd', 40)], 30, 'f e d c'],
    ['is nothing where GitHub says nothing', [commit('f', 'e', 55), commit('e', 'd', 50)], [], 10, ''],
    [
      'has all commits of a pull request that was rebased',
      [commit('f', 'e', 55, ['3>f']), commit('e', 'd', 55, ['3>f']), commit('d', 'c', 1)],
      [],
      10,
      'f e',
    ],
  ])('%s', (_, chain, pushes, minute, expected) => {
    const found = arrivedSince(chain, pushes, at(minute));
    expect(found.map(({ oid }) => oid).join(' ')).toBe(expected);
  });
});
