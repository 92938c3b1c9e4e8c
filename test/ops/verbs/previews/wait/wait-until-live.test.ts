import { describe, expect, test } from '@jest/globals';
import { GraphqlErrors } from '../../../../../src/github/graphql-error.js';
import type { ClusterReport, ClusterReports } from '../../../../../src/ops/verbs/previews/wait/cluster-reports.js';
import { type WaitOutcome, waitUntilLive } from '../../../../../src/ops/verbs/previews/wait/wait-until-live.js';
import { sha } from '../support.js';

const report = (state: ClusterReport['state'], description = ''): ClusterReport => ({ state, description });

/** What the cluster reports at each poll, `undefined` for nothing. */
async function wait(
  reports: (ClusterReport | undefined)[],
  {
    notified = true,
    head = sha(1),
    notifications,
  }: { notified?: boolean; head?: string; notifications?: boolean } = {},
): Promise<{ outcome: WaitOutcome | undefined; stages: string[] }> {
  const stages: string[] = [];
  let polls = 0;
  const outcomes = await waitUntilLive(
    [{ name: 'pr-7', head: sha(1), probes: [] }],
    { timeoutMs: reports.length - 1, pollMs: 1, notifications, now: () => polls },
    {
      operation: { doing: 'read reports', repository: 'acme/ops', permission: 'statuses: read' },
      async readReports(): Promise<ClusterReports> {
        const current = reports[polls++];
        const byName = new Map(current === undefined ? [] : [['pr-7', current]]);
        return { notified, byName, heads: new Map([['pr-7', head]]) };
      },
      async reached(_preview, stage) {
        stages.push(stage);
      },
    },
  );
  return { outcome: outcomes.get('pr-7'), stages };
}

describe('a preview without an address', () => {
  test.each<[string, (ClusterReport | undefined)[], object, WaitOutcome, string[]]>([
    ['is live once the cluster has applied it', [report('applied')], {}, { state: 'live' }, ['probing']],
    [
      'is live after a while',
      [undefined, report('pending'), report('applied'), undefined],
      {},
      { state: 'live' },
      ['rolling out', 'probing'],
    ],
    [
      'fails when the cluster cannot apply it',
      [report('failed', 'quota exceeded')],
      {},
      { state: 'failed', reason: 'the cluster could not apply it: quota exceeded.' },
      [],
    ],
    [
      'fails when nothing is reported in time',
      [undefined],
      {},
      { state: 'failed', reason: 'not live after 0s: the cluster has not reported on it.' },
      ['rolling out'],
    ],
    [
      'fails when the cluster is not ready in time',
      [report('pending', 'Reconciling')],
      {},
      { state: 'failed', reason: 'not live after 0s: the cluster has not applied it yet (Reconciling).' },
      ['rolling out'],
    ],
    ['is unknown where the cluster sends no notifications', [undefined], { notified: false }, { state: 'unknown' }, []],
    ['is unknown where the input says so', [undefined], { notifications: false }, { state: 'unknown' }, []],
    [
      'is superseded when its record has another commit',
      [report('applied')],
      { head: sha(2) },
      { state: 'superseded' },
      [],
    ],
  ])('%s', async (_rule, reports, given, outcome, stages) => {
    expect(await wait(reports, given)).toEqual({ outcome, stages });
  });
});

test('reports that GitHub refuses to show fail at once, with the reason', async () => {
  let polls = 0;
  const outcomes = await waitUntilLive(
    [{ name: 'pr-7', head: sha(1), probes: [] }],
    { timeoutMs: 60_000, pollMs: 1, notifications: undefined },
    {
      operation: { doing: 'read reports', repository: 'acme/ops', permission: 'statuses: read' },
      async readReports() {
        polls += 1;
        throw new GraphqlErrors([{ type: 'FORBIDDEN', path: [], message: 'Resource not accessible by integration' }]);
      },
      async reached() {},
    },
  );
  expect(polls).toBe(1);
  expect(outcomes.get('pr-7')).toMatchObject({ state: 'failed', reason: expect.stringContaining('"statuses: read"') });
});
