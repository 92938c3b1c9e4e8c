import { expect, test } from '@jest/globals';
import { isStrange, unjudgedPaths } from '../../../src/ops/judged-pulls/judge-group.js';

const owners = (path: string, ...environments: string[]) => ({ path, environments, reason: 'is of its folder' });
const step = (number: number, ...paths: ReturnType<typeof owners>[]) => ({ number, paths });

test.each<[string, ReturnType<typeof owners>[], ReturnType<typeof step>[], string[]]>([
  ['nothing, where each was judged', [owners('a', 'production')], [step(1, owners('a', 'production'))], []],
  [
    'a path that is of an environment only with what else is in the group',
    [owners('docs/a', 'production')],
    [step(1, owners('docs/a')), step(2, owners('b', 'production'))],
    ['With what else is in the queue, #1 changes production by docs/a'],
  ],
  [
    'nothing, where one of those that change it was judged for it',
    [owners('a', 'production')],
    [step(1, owners('a')), step(2, owners('a', 'production'))],
    [],
  ],
  ['nothing in an environment without rules', [owners('a', 'dev')], [step(1, owners('a'))], []],
])('A group does more than its pull requests by %s', (_, whole, steps, expected) => {
  const found = unjudgedPaths(whole, steps, ['staging', 'production']);
  expect(found).toEqual(expected.map((text) => expect.stringContaining(text)));
});

test.each([
  ['as its pull request does', ['a', 'b'], ['a', 'b'], false],
  ['something else', ['a', 'b'], ['a', 'c'], true],
  ['nothing', ['a', 'b'], ['a', 'a'], true],
  ['something else where it adds the file', [undefined, 'b'], [undefined, 'c'], true],
  ['what it takes away', ['a', undefined], ['a', 'a'], true],
  ['what comes of it on top of another one', ['a', 'b'], ['c', 'd'], false],
])('A commit of the queue does %s', (_, [base, head], [on, made], expected) => {
  expect(isStrange({ base, head }, { base: on, head: made })).toBe(expected);
});
