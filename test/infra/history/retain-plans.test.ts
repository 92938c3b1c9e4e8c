import { describe, expect, test } from '@jest/globals';
import type { HistoryEntry, Step } from '../../../src/infra/history/entries.js';
import { appliedLast, plansToDelete } from '../../../src/infra/history/retain-plans.js';
import { FakeSpace } from '../space/fake-space.js';

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
    const applied = new Set(
      entries
        .filter(({ steps }) => steps.includes('applied'))
        .slice(0, 1)
        .map(({ prefix }) => prefix),
    );
    expect(plansToDelete(entries, applied, ONE_DAY, now).map(({ prefix }) => Number(prefix.split('/').at(-1)))).toEqual(
      days,
    );
  });
});

test('An apply that failed or was given up is not the last one that went well', async () => {
  await using fake = await FakeSpace.start();
  const plans = [
    plan(1, ['applied']),
    plan(2, ['applied']),
    plan(3, ['applied']),
    plan(4, ['applied'], { root: 'app' }),
  ];
  for (const [index, result] of ['given up', 'applied', 'applied', 'failed'].entries()) {
    fake.objects.set(`${plans[index]?.prefix}/applied.json`, Buffer.from(JSON.stringify({ result })));
  }
  expect(await appliedLast(fake.space, plans)).toEqual(new Set(['plans/net/2']));
});
