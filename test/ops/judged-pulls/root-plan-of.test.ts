import { expect, test } from '@jest/globals';
import { goneReport, type RootReport } from '../../../src/infra/report/root-report.js';
import { rootPlanOf } from '../../../src/ops/judged-pulls/facts-with-plans.js';
import type { RootPlan } from '../../../src/ops/judgement/changed-root.js';

const ENDED = new Date('2026-11-20T10:00:00Z');
const proof = { structure: 'a', inputs: 'b', tool: 'OpenTofu 1.12.6', since: '2026-11-20T09:00:00Z' };
const plain = goneReport('cluster');
const none = { problem: '', lost: [], lostCount: 0, plannedAt: ENDED };

test.each<[string, Partial<RootReport>, Partial<RootPlan>]>([
  ['nothing lost', {}, {}],
  ['since when it is planned like this', { proof }, { plannedAt: new Date('2026-11-20T09:00:00Z') }],
  [
    'what is lost',
    { losses: [{ address: 'a.b', action: 'destroy', why: 'stateful' }], lossCount: 7 },
    { lost: ['a.b'], lostCount: 7 },
  ],
  [
    'that what a run elsewhere destroys may be lost',
    { url: 'https://x/runs/run-1', counts: { ...plain.counts, destroy: 3 } },
    { lost: ['what https://x/runs/run-1 destroys'], lostCount: 1 },
  ],
  [
    'what is lost elsewhere, where each thing was read',
    {
      ...{ url: 'https://x/runs/run-1', counts: { ...plain.counts, destroy: 3 }, isRead: true },
      ...{ losses: [{ address: 'a.b', action: 'destroy', why: 'stateful' }], lossCount: 1 },
    },
    { lost: ['a.b'], lostCount: 1 },
  ],
  [
    'that nothing of what is destroyed elsewhere is lost, where each thing was read',
    { url: 'https://x/runs/run-1', counts: { ...plain.counts, destroy: 3 }, isRead: true },
    {},
  ],
  [
    'that a run elsewhere destroys nothing',
    { url: 'https://x/runs/run-1' },
    { lost: ['what https://x/runs/run-1 destroys'] },
  ],
  ['the first line of why there is none', { state: 'failed', problem: 'No.\nMore.' }, { problem: 'No.' }],
  ['that it was refused', { state: 'refused', problem: 'It is deleted.' }, { problem: 'It is deleted.' }],
  ['that it was only checked', { state: 'checked' }, { problem: 'it was only checked.' }],
])('A plan tells the gate %s', (_what, report, expected) => {
  expect(rootPlanOf({ ...plain, ...report }, ENDED)).toEqual({ ...none, ...expected });
});
