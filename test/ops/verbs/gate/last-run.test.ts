import { describe, expect, test } from '@jest/globals';
import { furtherBack, lastSeen } from '../../../../src/ops/verbs/gate/last-run.js';

const run = (id: number, event: string, minute: number) => ({
  ...{ id, event, created_at: `2026-11-20T12:${String(minute).padStart(2, '0')}:00Z` },
});
const OURS = run(1, 'workflow_run', 10);

describe('What an earlier run of the gate has seen to', () => {
  test.each([
    ['is told by one that a check started', [OURS], '12:10'],
    ['is told by one of the schedule', [run(1, 'schedule', 10)], '12:10'],
    ['is told by one that another repository started', [run(1, 'repository_dispatch', 10)], '12:10'],
    ['is told by the newest', [run(2, 'schedule', 20), OURS], '12:20'],
    ['is not told by this run itself', [run(9, 'schedule', 30), OURS], '12:10'],
    ['is not told by a run by hand, which may be a dry run', [run(2, 'workflow_dispatch', 20), OURS], '12:10'],
    ['is not told by the file of a branch or tag that was pushed', [run(2, 'push', 20), OURS], '12:10'],
    ['is not told by the file of a pull request', [run(2, 'pull_request', 20), OURS], '12:10'],
    ['is not told by nothing', [run(2, 'push', 20)], undefined],
  ])('%s', (_name, runs, expected) => {
    expect(lastSeen(runs, '9')?.toISOString().slice(11, 16)).toBe(expected);
  });
});

test('Another repository is looked through from three days before, and from the beginning where no run is known', () => {
  expect(furtherBack(new Date('2026-11-20T12:00:00Z'))?.toISOString()).toBe('2026-11-17T12:00:00.000Z');
  expect(furtherBack(undefined)).toBeUndefined();
});
