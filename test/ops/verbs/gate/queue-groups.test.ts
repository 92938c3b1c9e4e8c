import { expect, test } from '@jest/globals';
import type { JudgedPull } from '../../../../src/ops/judgement/head-verdict.js';
import { groupsOf, groupVerdict } from '../../../../src/ops/verbs/gate/queue-groups.js';

const sha = (letter: string) => letter.repeat(40);
const ref = (number: number, on: string, head: string) => ({ name: `pr-${number}-${sha(on)}`, head: sha(head) });

test.each<[string, ReturnType<typeof ref>[], string[]]>([
  ['alone', [ref(1, '0', 'a')], ['a: 1']],
  ['on others', [ref(1, '0', 'a'), ref(2, 'a', 'b'), ref(3, 'b', 'c')], ['a: 1', 'b: 2 1', 'c: 3 2 1']],
  ['beside others', [ref(1, '0', 'a'), ref(2, '0', 'b')], ['a: 1', 'b: 2']],
  ['in a circle, which cannot be', [ref(1, 'b', 'a'), ref(2, 'a', 'b')], ['a: 1 2', 'b: 2 1']],
  ['of another name is none', [{ name: 'x', head: sha('a') }], []],
])('A group of the queue %s', (_, refs, expected) => {
  expect(
    groupsOf(refs).map(({ head, entries }) => `${head[0]}: ${entries.map(({ number }) => number).join(' ')}`),
  ).toEqual(expected);
});

const pull = (number: number, problem?: string): JudgedPull => ({
  number,
  head: `head ${number}`,
  verdicts: [],
  problem,
});

test.each<[string, number[], JudgedPull[], string, JudgedPull[]?, string?]>([
  [
    'is refused as one of them is on top of the others',
    [2, 1],
    [pull(1), pull(2)],
    'false Refused: It was not approved.',
    [pull(1), pull(2, 'It was not approved.')],
  ],
  [
    'is refused for what they come to together',
    [2, 1],
    [pull(1), pull(2)],
    'false Refused: Together they are more.',
    [pull(1), pull(2)],
    'Together they are more.',
  ],
  [
    'is allowed as all of its pull requests are',
    [2, 1],
    [pull(1), pull(2)],
    'true Allowed: it changes no environment.',
  ],
  ['is refused as one of them is', [2, 1], [pull(1, 'It conflicts.'), pull(2)], 'false Refused: It conflicts.'],
  [
    'is refused where one is not open',
    [2, 1],
    [pull(2)],
    'false Refused: #1 is no open pull request into that branch.',
  ],
])('A group %s', (_, pulls, judged, expected, steps = [], problem = undefined) => {
  const entries = pulls.map((number) => ({ number, head: `group ${number}`, on: 'main' }));
  const { isAllowed, title } = groupVerdict({ head: 'group', entries }, judged, { steps, problem });
  expect(`${isAllowed} ${title}`).toBe(expected);
});
