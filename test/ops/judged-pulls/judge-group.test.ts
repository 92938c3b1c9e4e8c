import { expect, test } from '@jest/globals';
import { unjudgedPaths } from '../../../src/ops/judged-pulls/judge-group.js';

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
