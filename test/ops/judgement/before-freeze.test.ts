import { describe, expect, test } from '@jest/globals';
import { type Merging, soonFrozen, withdrawalOf } from '../../../src/ops/judgement/before-freeze.js';
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
  const cases: [string, Merging, number | undefined][] = [
    ['when GitHub has had its time', at(40), 30],
    ['when GitHub has had its time since it was allowed', at(35, { since: minutesAhead(40) }), 30],
    ['never in the freeze', at(15), 5],
    ['when the hour begins, where the next run of the schedule may come later', at(75), 60],
    ['when the hour begins, since whenever it was allowed', at(61, { since: minutesAhead(600) }), 60],
    ['by the next run of the schedule, where there is one before', at(76), undefined],
  ];
  test.each(cases)('%s', (_name, merging, expected) => {
    expect(withdrawalOf(policy, merging)?.at).toEqual(expected === undefined ? undefined : minutesAhead(expected));
  });
});
