import { describe, expect, test } from '@jest/globals';
import { judgeAgainAt, type Merging, soonFrozen, withdrawalOf } from '../../../src/ops/judgement/before-freeze.js';
import { lateReason } from '../../../src/ops/judgement/judge.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';

const FREEZE = new Date('2026-11-20T12:00:00Z');
const policy = environmentPolicy(
  readPolicy(
    'environments:\n  production: { freeze: [{ from: "2026-11-20T12:00:00Z", to: "2026-11-23T12:00:00Z" }] }\n',
    'acme/ops',
  ),
  'production',
);
const minutesAhead = (minutes: number) => new Date(FREEZE.getTime() - minutes * 60_000);
const at = (minutes: number, more: Partial<Merging> = {}): Merging => ({
  ...{ autoMerge: true, since: undefined, lastReason: undefined, now: minutesAhead(minutes) },
  ...more,
});

describe('In the hour before a freeze, a change', () => {
  const cases: [string, Merging, string][] = [
    ['is merged by GitHub', at(60), 'merging'],
    ['counts for nothing before that hour', at(61), 'far'],
    ['waits for auto-merge', at(30, { autoMerge: false }), 'waits'],
    ['has ten minutes', at(30, { since: minutesAhead(39) }), 'merging'],
    ['had its ten minutes', at(30, { since: minutesAhead(40) }), 'late'],
    ['had them when it was allowed before the hour', at(59, { since: minutesAhead(600) }), 'late'],
    ['stays late', at(25, { lastReason: lateReason('production', FREEZE) }), 'late'],
    ['may still begin with fifteen minutes left', at(15), 'merging'],
    ['does not begin with less than fifteen minutes left', at(14), 'last minute'],
    ['has its ten minutes in those fifteen, where it had begun', at(8, { since: minutesAhead(16) }), 'merging'],
    ['is merged in the last minute by whoever merges it now', at(1, { mergesNow: true }), 'far'],
  ];
  test.each(cases)('%s', (_name, merging, expected) => {
    const soon = soonFrozen(policy, merging);
    const kind = soon?.isLate ? 'late' : soon?.isLastMinute ? 'last minute' : soon?.isMerging ? 'merging' : 'waits';
    expect(soon === undefined ? 'far' : kind).toBe(expected);
  });
});

describe('What is allowed near a freeze is judged again', () => {
  const old = { since: minutesAhead(600) };
  const cases: [string, Merging[], string | undefined][] = [
    ['when GitHub has had its time', [at(40)], '29.5 own'],
    [
      'not for what another run let in, which judges that again itself',
      [at(40, { since: minutesAhead(45) })],
      undefined,
    ],
    ['never in the freeze', [at(15)], '4.5 own'],
    ['when the hour begins, where the next run of the schedule may come later', [at(75)], '59.5'],
    ['when the hour begins, since whenever it was allowed', [at(61, old)], '59.5'],
    ['by the next run of the schedule, where there is one before', [at(76)], undefined],
  ];
  test.each(cases)('%s', (_name, all, expected) => {
    const near = all.flatMap((merging) => withdrawalOf(policy, merging) ?? []);
    const again = judgeAgainAt(near, all[0]?.now ?? FREEZE);
    const minutes = again && (FREEZE.getTime() - again.at.getTime()) / 60_000;
    expect(again && `${minutes}${again.isOwn ? ' own' : ''}`).toBe(expected);
  });

  test('what was let in within an hour goes before the hour of another freeze', () => {
    const now = minutesAhead(70);
    const hour = { freezesAt: FREEZE, hour: minutesAhead(60), isNew: false };
    expect(judgeAgainAt([hour, { freezesAt: FREEZE, hour: undefined, isNew: true }], now)?.isOwn).toBe(true);
    expect(judgeAgainAt([], now)).toBeUndefined();
  });
});
