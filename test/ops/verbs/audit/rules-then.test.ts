import { expect, test } from '@jest/globals';
import { commitAt } from '../../../../src/ops/verbs/audit/rules-then.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 12, minute));
const push = (id: number, before: string, after: string) => ({
  ...{ id, before, after, at: at(id), actor: 'ada', isForced: false },
});
const PUSHES = [push(30, 'b', 'c'), push(20, 'a', 'b'), push(10, 'z', 'a')];

test.each<[string, number, string | undefined]>([
  ['after the newest push', 31, 'c'],
  ['in the very moment of a push, before which a policy has to be there', 30, 'b'],
  ['between two pushes', 25, 'b'],
  ['before all that is recorded', 5, 'z'],
])('A branch %s', (_, minute, expected) => {
  expect(commitAt(PUSHES, at(minute))).toBe(expected);
});

test('a branch that was made later had its first commit', () => {
  expect(commitAt([push(10, '0'.repeat(40), 'a')], at(5))).toBe('a');
  expect(commitAt([], at(5))).toBeUndefined();
});
