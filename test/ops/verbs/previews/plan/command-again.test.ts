import { describe, expect, test } from '@jest/globals';
import { statusOf } from '../../../../../src/ops/verbs/previews/feedback/status.js';
import type { CommandVerb, PreviewCommand } from '../../../../../src/ops/verbs/previews/plan/command.js';
import type { ReconcileRequest } from '../../../../../src/ops/verbs/previews/plan/request.js';
import { at, committed, type Files, listed, OPS, plan, previewOf, reconcile } from '../support.js';

const HOUR = 3_600_000;
const LIMITS = { limit: 2, sleepAfterMs: 2 * HOUR };

const asks = (verb: CommandVerb, minute: number, more: Partial<PreviewCommand> = {}): ReconcileRequest => ({
  now: at(minute),
  pullRequests: [listed([7], at(minute))],
  command: {
    ...{ name: 'pr-7', repository: 'acme/apps', verb, forMs: undefined, at: at(minute), by: 'mona', fork: false },
    ...more,
  },
});
const withPolicy = (text: string): Files => ({
  ...OPS,
  'ostack.yaml': (OPS['ostack.yaml'] ?? '').replace('limit: 2', text),
});
const opened = (files: Files = OPS, pullRequest = 7, minute = 0) =>
  reconcile(files, {
    ...{ now: at(minute), pullRequests: [listed([7, 8], at(minute))], requested: previewOf(pullRequest) },
  });
const asleep = async () => reconcile(await opened(), asks('sleep', 30));
const full = async () => opened(withPolicy('limit: 1'), 8);

type Row = [string, () => Promise<Files>, ReconcileRequest, string];

describe('a command whose run was stopped after its commit, sent again, is answered as at first', () => {
  const nothing = async () => OPS;
  test.each<Row>([
    ['keep', opened, asks('keep', 60, { forMs: 100 * HOUR }), 'It is kept until 2026-11-25 14:00 UTC.'],
    ['keep, for less than it has', opened, asks('keep', 60, { forMs: HOUR }), 'It is there until 2026-11-24 09:00'],
    ['keep of what sleeps', asleep, asks('keep', 60, { forMs: 100 * HOUR }), 'It is kept until 2026-11-25 14:00 UTC.'],
    ['redeploy', opened, asks('redeploy', 60), 'It is deployed again.'],
    ['redeploy of what sleeps', asleep, asks('redeploy', 60), 'It is deployed again.'],
    ['redeploy of what has gone', nothing, { ...asks('redeploy', 60), requested: previewOf(7) }, 'It is opened again.'],
    [
      'redeploy of what has gone, where no place is free',
      full,
      { ...asks('redeploy', 60), requested: previewOf(7), pullRequests: [listed([7, 8], at(60))] },
      'It waits for a place, as number 1.',
    ],
    ['sleep', opened, asks('sleep', 60), 'It sleeps.'],
    ['sleep of what sleeps', asleep, asks('sleep', 60), 'It sleeps.'],
    ['wake', asleep, asks('wake', 60), 'It is awake as soon as the cluster has it.'],
    ['wake of what is awake', opened, asks('wake', 60), 'It is awake as soon as the cluster has it.'],
    ['remove', opened, asks('remove', 60), 'There is no pr-7 now. The next push opens it.'],
    ['remove of what is not there', nothing, asks('remove', 60), 'There is no pr-7 now. The next push opens it.'],
    ['remove of a fork', opened, asks('remove', 60, { fork: true }), 'There is no pr-7 now. The label for forks opens'],
  ])('%s', async (_, before, request, answer) => {
    const files = await before();
    const first = await plan(files, request);
    const { requested: _gone, ...again } = request;
    const second = await plan(committed(files, first.change), { ...again, now: at(62) });
    expect(first.answer).toEqual({ obeyed: true, text: expect.stringContaining(answer) });
    expect(second.answer).toEqual(first.answer);
    expect(second.change.files.size + (second.change.deletions ?? []).length).toBe(0);
    const [told, retold] = [first, second].map(({ decisions }) => decisions.find(({ name }) => name === 'pr-7'));
    if (told !== undefined && told.state !== 'gone') {
      expect(retold && statusOf(retold, LIMITS)).toEqual(statusOf(told, LIMITS));
    }
  });

  test('and so is one that lost its meaning meanwhile, by what is so now', async () => {
    const slept = await plan(await opened(), asks('sleep', 60));
    const woken = await reconcile(committed(await opened(), slept.change), asks('wake', 70));
    expect((await plan(woken, { ...asks('sleep', 60), now: at(71) })).answer?.obeyed).toBe(false);
  });
});

test('what went to sleep because nothing happened to it is told so by any later run', async () => {
  const files = await opened(withPolicy('limit: 2, sleep: { after: 2h }'));
  const sweep = (minute: number) => ({ now: at(minute), pullRequests: [listed([7], at(minute))] });
  const first = await plan(files, sweep(121));
  const second = await plan(committed(files, first.change), sweep(125));
  const [told, retold] = [first, second].map(({ decisions: [one] }) => one && statusOf(one, LIMITS));
  expect(told).toMatchObject({ stage: 'asleep', reason: 'nothing happened to it for 2h.' });
  expect(retold).toEqual(told);
});
