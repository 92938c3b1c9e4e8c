import { describe, expect, test } from '@jest/globals';
import type { HistoryEntry, Step } from '../../../src/infra/history/entries.js';
import { plansToDelete } from '../../../src/infra/history/retain-plans.js';

const now = new Date('2026-11-30T12:00:00Z');
const plan = (day: number, steps: Step[] = [], more: Partial<HistoryEntry> = {}): HistoryEntry => {
  const at = new Date(now.getTime() - day * 24 * 3600 * 1000);
  const root = more.root ?? 'net';
  return { prefix: `plans/${root}/${day}`, root, at, commit: 'c', isWhole: true, steps, names: [], ...more };
};
const ONE_DAY = { days: 1, weeks: 0, months: 0 };

describe('Plans that are kept no longer', () => {
  test.each<[string, HistoryEntry[], number[]]>([
    ['are none where there is one', [plan(90)], []],
    ['are the older ones', [plan(1), plan(2), plan(3)], [2, 3]],
    ['are not the one applied last', [plan(1), plan(2, ['approved', 'apply-started', 'applied']), plan(3)], [3]],
    ['are those applied before', [plan(1), plan(2, ['applied']), plan(3, ['applied'])], [3]],
    ['are not one whose apply has no end', [plan(1, ['applied']), plan(2), plan(3, ['apply-started'])], [2]],
    ['are not the newest whole one', [plan(0, [], { isWhole: false }), plan(2)], []],
    ['are what was never finished, a day later', [plan(1), plan(2, [], { isWhole: false })], [2]],
    [
      'are not the newest of another root',
      [plan(1), plan(5, [], { root: 'net/eu' }), plan(6, [], { root: 'net/eu' })],
      [6],
    ],
  ])('%s', (_what, entries, days) => {
    expect(plansToDelete(entries, ONE_DAY, now).map(({ prefix }) => Number(prefix.split('/').at(-1)))).toEqual(days);
  });
});
