import { describe, expect, test } from '@jest/globals';
import { recordFor } from '../../../../../src/ops/verbs/previews/branch/last-record.js';
import type { CommandVerb, PreviewCommand } from '../../../../../src/ops/verbs/previews/plan/command.js';
import type { ReconcileRequest } from '../../../../../src/ops/verbs/previews/plan/request.js';
import {
  at,
  committed,
  type Files,
  listed,
  OPS,
  outcomes,
  plan,
  previewOf,
  reconcile,
  recordOf,
  sha,
} from '../support.js';

const HOUR = 3_600_000;
const LONG = 60 * 24;

const asks = (verb: CommandVerb, minute: number, more: Partial<PreviewCommand> = {}): PreviewCommand => ({
  ...{ name: 'pr-7', repository: 'acme/apps', verb, forMs: undefined, at: at(minute), by: 'mona', fork: false },
  ...more,
});
const opened = (files: Files = OPS, minute = 0) =>
  reconcile(files, { now: at(minute), pullRequests: [listed([7], at(minute))], requested: previewOf(7) });
const sweep = (minute: number, more: Partial<ReconcileRequest> = {}): ReconcileRequest => ({
  ...{ now: at(minute), pullRequests: [listed([7], at(minute))] },
  ...more,
});
const withPolicy = (files: Files, more: string) => ({
  ...files,
  'ostack.yaml': (files['ostack.yaml'] ?? '').replace('limit: 2', `limit: 2, ${more}`),
});
const record = (files: Files) => files['previews/records/pr-7.yaml'] ?? '';
const root = (files: Files) => files['previews/pr-7/kustomization.yaml'] ?? '';
const changed = (planned: Awaited<ReturnType<typeof plan>>) => [...planned.change.files.keys()].sort();

describe('a preview is kept longer', () => {
  test('by whoever asks for it, and nothing that runs changes, whatever the host runs by now', async () => {
    const files = await opened();
    const mailer = 'overlays/staging/mailer/kustomization.yaml';
    const bumped = { ...files, [mailer]: (files[mailer] ?? '').replace('0.4.0', '0.5.0') };
    const request = sweep(61, { command: asks('keep', 60, { forMs: 100 * HOUR }) });
    const planned = await plan(bumped, request);
    expect(outcomes(planned)).toEqual(['pr-7 prolonged active']);
    expect(planned.answer).toEqual({ obeyed: true, text: 'It is kept until 2026-11-25 14:00 UTC.' });
    expect(changed(planned)).toEqual([
      'previews/clusters/staging/pr-7.yaml',
      'previews/pr-7/namespace.yaml',
      'previews/records/pr-7.yaml',
    ]);
    expect([...(planned.whole.get('pr-7')?.keys() ?? [])].sort()).toEqual(
      Object.keys(files)
        .filter((path) => path.startsWith('previews/pr-7/'))
        .sort(),
    );
    const after = committed(bumped, planned.change);
    expect(record(after)).toContain('expiresAt: "2026-11-25T14:00:00.000Z"');
    expect((await plan(after, request)).change.files.size).toBe(0);
  });

  test('a push then gives it more time, and never less', async () => {
    const kept = await reconcile(await opened(), sweep(61, { command: asks('keep', 60, { forMs: 100 * HOUR }) }));
    const push = { requested: previewOf(7, sha(2)), pullRequests: [listed([[7, sha(2)]], at(90))] };
    expect(record(await reconcile(kept, sweep(90, push)))).toContain('expiresAt: "2026-11-25T14:00:00.000Z"');
    const late = { requested: previewOf(7, sha(2)), pullRequests: [listed([[7, sha(2)]], at(3 * LONG))] };
    expect(record(await reconcile(kept, sweep(3 * LONG, late)))).toContain('expiresAt: "2026-11-27T09:00:00.000Z"');
  });

  test.each<[string, number | undefined, string, boolean, string]>([
    ['as long as the policy allows, without a duration', undefined, '', true, 'It is kept until 2026-11-28 10:00 UTC.'],
    [
      'no longer than that',
      8 * 24 * HOUR,
      '',
      false,
      'The policy lets nobody keep a preview for more than 7d from now on: "/preview keep 7d".',
    ],
    [
      'not at all where the policy says so',
      HOUR,
      'keep: false',
      false,
      'The policy lets nobody keep a preview longer: previews.keep in ostack.yaml of ops.',
    ],
    ['not shorter than it is there anyway', HOUR, '', true, 'It is there until 2026-11-24 09:00 UTC anyway.'],
  ])('%s', async (_, forMs, policy, obeyed, text) => {
    const files = withPolicy(await opened(), policy === '' ? 'keep: 7d' : policy);
    const planned = await plan(files, sweep(61, { command: asks('keep', 60, { forMs }) }));
    expect(planned.answer).toEqual({ obeyed, text });
    expect(outcomes(planned)).toEqual([obeyed ? 'pr-7 prolonged active' : 'pr-7 kept active']);
  });
});

describe('a preview is removed', () => {
  test('by whoever asks for it, and opened again by the next push', async () => {
    const files = await opened();
    const planned = await plan(files, sweep(61, { command: asks('remove', 60) }));
    expect(outcomes(planned)).toEqual(['pr-7 removed gone']);
    expect(planned.decisions[0]?.reason).toBe('mona asked for that. The next push opens it again.');
    expect(planned.answer).toEqual({ obeyed: true, text: 'There is no pr-7 now. The next push opens it.' });
    const after = committed(files, planned.change);
    const again = await plan(after, sweep(62, { command: asks('remove', 60) }));
    expect(again.answer).toEqual(planned.answer);
    const reopened = await opened(after, 70);
    const late = await plan(reopened, sweep(71, { command: asks('remove', 60) }));
    expect(outcomes(late)).toEqual(['pr-7 kept active']);
    expect(late.answer).toEqual({ obeyed: false, text: 'It was opened after that.' });
  });

  test('never one of another repository', async () => {
    const planned = await plan(await opened(), sweep(61, { command: asks('remove', 60, { repository: 'acme/site' }) }));
    expect(outcomes(planned)).toEqual(['pr-7 kept active']);
    expect(planned.answer?.text).toBe('There is no pr-7 now. The next push opens it.');
  });
});

describe('a preview sleeps', () => {
  const sleepy = () => opened(withPolicy(OPS, 'sleep: { after: 2h }'));

  test('when nothing happened to it for as long as the policy says, and expires all the same', async () => {
    const files = await sleepy();
    expect(outcomes(await plan(files, sweep(119)))).toEqual(['pr-7 kept active']);
    const planned = await plan(files, sweep(120));
    expect(outcomes(planned)).toEqual(['pr-7 slept active']);
    expect(planned.decisions[0]?.reason).toBe('nothing happened to it for 2h.');
    const after = committed(files, planned.change);
    expect(record(after)).toContain('asleepAt: "2026-11-21T11:00:00.000Z"');
    expect(root(after)).toMatchSnapshot();
    expect((await plan(after, sweep(121))).change.files.size).toBe(0);
    expect(outcomes(await plan(after, sweep(72 * 60)))).toEqual(['pr-7 expired gone']);
  });

  test('and never without such a policy, nor where it is of a run', async () => {
    expect(outcomes(await plan(await opened(), sweep(71 * 60)))).toEqual(['pr-7 kept active']);
    const run = previewOf(1, sha(1), { subject: { run: '1234' } });
    const files = await reconcile(withPolicy(OPS, 'sleep: { after: 2h }'), sweep(0, { requested: run }));
    expect(outcomes(await plan(files, sweep(300)))).toEqual(['run-1234 kept active']);
  });

  test.each<[string, Partial<ReconcileRequest>]>([
    ['a push', { requested: previewOf(7, sha(2)), pullRequests: [listed([[7, sha(2)]], at(150))] }],
    ['the same commit, asked for again', { requested: previewOf(7) }],
    ['a command', { command: asks('wake', 149) }],
    ['a command to deploy it again', { command: asks('redeploy', 149) }],
  ])('until %s wakes it', async (_, more) => {
    const asleep = await reconcile(await sleepy(), sweep(121));
    const planned = await plan(asleep, sweep(150, more));
    expect(outcomes(planned)).toEqual(['pr-7 updated active']);
    const awake = committed(asleep, planned.change);
    expect(record(awake)).not.toContain('asleepAt');
    expect(root(awake)).not.toContain('/spec/replicas');
    expect(outcomes(await plan(awake, sweep(151)))).toEqual(['pr-7 kept active']);
  });

  test.each<[string, Partial<ReconcileRequest>]>([
    ['the same commit, asked for again', { requested: previewOf(7) }],
    ['somebody who keeps it', { command: asks('keep', 100) }],
    ['somebody who wakes what is awake', { command: asks('wake', 100) }],
    ['somebody who deploys it again', { command: asks('redeploy', 100) }],
  ])('later when there was %s', async (_, more) => {
    const files = await reconcile(await sleepy(), sweep(100, more));
    expect(outcomes(await plan(files, sweep(219)))).toEqual(['pr-7 kept active']);
    expect(outcomes(await plan(files, sweep(220)))).toEqual(['pr-7 slept active']);
  });

  test('because somebody asks for it, unless something was pushed after that', async () => {
    const files = await opened();
    const planned = await plan(files, sweep(61, { command: asks('sleep', 60) }));
    expect(outcomes(planned)).toEqual(['pr-7 slept active']);
    expect(planned.answer).toEqual({ obeyed: true, text: 'It sleeps.' });
    const twice = await plan(committed(files, planned.change), sweep(62, { command: asks('sleep', 60) }));
    expect(twice.answer).toEqual({ obeyed: true, text: 'It sleeps.' });
    const pushed = { requested: previewOf(7, sha(2)), pullRequests: [listed([[7, sha(2)]], at(90))] };
    const later = await plan(await reconcile(files, sweep(90, pushed)), sweep(91, { command: asks('sleep', 60) }));
    expect(later.answer).toEqual({ obeyed: false, text: 'Something was pushed, or asked of it, after that.' });
  });

  test('in the second in which it was asked for, of which GitHub knows no more', async () => {
    const files = await opened();
    const given = new Date(Math.floor(at(0).getTime() / 1000) * 1000);
    const late = record(files).replace(
      'updatedAt: "2026-11-21T09:00:00.000Z"',
      'updatedAt: "2026-11-21T09:00:00.900Z"',
    );
    const planned = await plan(
      { ...files, 'previews/records/pr-7.yaml': late },
      sweep(1, { command: asks('sleep', 0, { at: given }) }),
    );
    expect(planned.answer).toEqual({ obeyed: true, text: 'It sleeps.' });
  });

  test('and keeps its place, which it opens in awake after it lost it', async () => {
    const asleep = await reconcile(await sleepy(), sweep(121));
    const none = { ...asleep, 'ostack.yaml': (asleep['ostack.yaml'] ?? '').replace('limit: 2', 'limit: 0') };
    const queued = await reconcile(none, sweep(122));
    const planned = await plan({ ...queued, 'ostack.yaml': asleep['ostack.yaml'] ?? '' }, sweep(123));
    expect(outcomes(planned)).toEqual(['pr-7 opened active']);
    expect(planned.decisions[0]?.record?.asleepAt).toBeUndefined();
    // It has waited for longer than that, and nobody could look at it.
    const opened = committed({ ...queued, 'ostack.yaml': asleep['ostack.yaml'] ?? '' }, planned.change);
    expect((await plan(opened, sweep(124))).decisions[0]).toMatchObject({ action: 'kept' });
    expect((await plan(opened, sweep(244))).decisions[0]).toMatchObject({ action: 'slept' });
  });
});

test.each(['wake', 'redeploy'] as const)(
  'a command that is sent again does not wake what went to sleep since: %s',
  async (verb) => {
    const asleep = await reconcile(await opened(), sweep(90, { command: asks('sleep', 90) }));
    const planned = await plan(asleep, sweep(120, { command: asks(verb, 60) }));
    expect(planned.answer).toEqual({ obeyed: false, text: 'It went to sleep after that.' });
    expect(outcomes(planned)).toEqual(['pr-7 kept active']);
  },
);

describe('of two commands given at the same time the last one counts, whichever is obeyed first:', () => {
  type Given = [verb: CommandVerb, minute: number];
  test.each<[string, Given, Given, string]>([
    ['sleep, then wake', ['sleep', 60], ['wake', 61], 'awake'],
    ['wake, then sleep', ['wake', 60], ['sleep', 61], 'asleep'],
    ['sleep, then redeploy', ['sleep', 60], ['redeploy', 61], 'awake'],
    ['redeploy, then sleep', ['redeploy', 60], ['sleep', 61], 'asleep'],
    ['remove, then redeploy', ['remove', 60], ['redeploy', 61], 'awake'],
    ['redeploy, then remove', ['redeploy', 60], ['remove', 61], 'gone'],
    ['sleep, then remove', ['sleep', 60], ['remove', 61], 'gone'],
    ['wake, then remove', ['wake', 60], ['remove', 61], 'gone'],
    ['keep, then sleep', ['keep', 60], ['sleep', 61], 'asleep'],
    ['keep, then remove', ['keep', 60], ['remove', 61], 'gone'],
  ])('%s', async (_, first, second, state) => {
    const removedAt = [first, second].find(([verb]) => verb === 'remove')?.[1] ?? 0;
    const obeyed = (files: Files, [verb, minute]: Given) => {
      // Of one that has gone, a run requests what it was last, unless it went after the command.
      const isGone = verb === 'redeploy' && record(files) === '';
      const last = { record: recordOf(7), goneAt: at(removedAt), reason: undefined };
      const gone = isGone && recordFor(at(minute), last) !== undefined ? { requested: previewOf(7) } : {};
      return reconcile(files, sweep(65, { command: asks(verb, minute), ...gone }));
    };
    const stateOf = (files: Files) =>
      record(files) === '' ? 'gone' : record(files).includes('asleepAt') ? 'asleep' : 'awake';
    const start = await opened();
    expect(stateOf(await obeyed(await obeyed(start, first), second))).toBe(state);
    expect(stateOf(await obeyed(await obeyed(start, second), first))).toBe(state);
  });
});

test('one that is kept while what it is built from has changed is adapted anew, too', async () => {
  const files = await opened();
  const ingress = (files['bases/shop/ingress.yaml'] ?? '').replaceAll('api.shop', 'admin.shop');
  const based = { ...files, 'bases/shop/ingress.yaml': ingress };
  const request = sweep(61, { command: asks('keep', 60), overtaken: new Set(['pr-7']) });
  const planned = await plan(based, request);
  expect(planned.answer?.obeyed).toBe(true);
  expect(planned.change.files.get('previews/pr-7/shop/kustomization.yaml')).toContain('shop-admin.pr-7');
});

describe('a preview is deployed again', () => {
  test('with what the host runs now, and its pods are new', async () => {
    const files = await opened();
    const mailer = 'overlays/staging/mailer/kustomization.yaml';
    const bumped = { ...files, [mailer]: (files[mailer] ?? '').replace('0.4.0', '0.5.0') };
    const request = sweep(61, { command: asks('redeploy', 60) });
    const planned = await plan(bumped, request);
    expect(outcomes(planned)).toEqual(['pr-7 updated active']);
    expect(planned.decisions[0]?.reason).toBe('mona asked to deploy it again.');
    const after = committed(bumped, planned.change);
    expect(after['previews/pr-7/mailer/kustomization.yaml']).toContain('0.5.0');
    expect(root(after)).toMatchSnapshot();
    expect((await plan(after, request)).change.files.size).toBe(0);
  });

  test('of a fork at the commit that was looked at, whatever was pushed since', async () => {
    const fork = previewOf(7, sha(1), { subject: { pullRequest: 7, fork: true } });
    const files = await reconcile(OPS, sweep(0, { requested: fork }));
    const moved = { pullRequests: [listed([[7, sha(2)]], at(61))], command: asks('redeploy', 60) };
    const planned = await plan(files, sweep(61, moved));
    expect(outcomes(planned)).toEqual(['pr-7 updated active']);
    expect(planned.decisions[0]?.record?.head).toBe(sha(1));
    expect(planned.decisions[0]?.newerHead).toBe(sha(2));
  });

  test('after it was gone, as it was last', async () => {
    const gone = await plan(OPS, sweep(61, { command: asks('redeploy', 60) }));
    expect(gone.answer).toEqual({
      obeyed: false,
      text: 'There is no pr-7. A push opens one, or the workflow of the last push run again.',
    });
    const planned = await plan(OPS, sweep(61, { command: asks('redeploy', 60), requested: previewOf(7) }));
    expect(outcomes(planned)).toEqual(['pr-7 opened active']);
    expect(planned.answer).toEqual({ obeyed: true, text: 'It is opened again.' });
    const again = await plan(committed(OPS, planned.change), sweep(61, { command: asks('redeploy', 61) }));
    expect(again.answer).toEqual({ obeyed: true, text: 'It is opened again.' });
    expect(again.change.files.size).toBe(0);
    const outdated = { command: asks('redeploy', 60), requested: previewOf(7, sha(2)) };
    expect((await plan(OPS, sweep(61, outdated))).answer).toEqual({
      obeyed: false,
      text: 'pull request #7 is at 1111111 now, and this run is for 2222222.',
    });
  });
});

test.each<[CommandVerb, string]>([
  ['keep', 'pull request #7 is no longer open.'],
  ['wake', 'pull request #7 is no longer open.'],
  ['redeploy', 'pull request #7 is no longer open.'],
])('"%s" for a pull request that is closed changes nothing', async (verb, text) => {
  const files = await opened();
  const planned = await plan(files, sweep(61, { command: asks(verb, 60), pullRequests: [listed([], at(61))] }));
  expect(outcomes(planned)).toEqual(['pr-7 removed gone']);
  expect(planned.answer?.text).toBe(text);
});

test.each<[CommandVerb, string]>([
  ['sleep', 'It waits for a place, and nothing of it runs.'],
  ['wake', 'It waits for a place, and opens by itself.'],
  ['redeploy', 'It waits for a place, and opens by itself.'],
])('"%s" of one that waits is told so', async (verb, text) => {
  const policy = { ...OPS, 'ostack.yaml': (OPS['ostack.yaml'] ?? '').replace('limit: 2', 'limit: 0') };
  const planned = await plan(await opened(policy), sweep(61, { command: asks(verb, 60) }));
  expect(planned.answer).toEqual({ obeyed: false, text });
});

test('a record that cannot be read is told, and stays as it is', async () => {
  const files = { ...(await opened()), 'previews/records/pr-7.yaml': 'name: pr-7\nrepositry: acme/apps\n' };
  const planned = await plan(files, sweep(61, { command: asks('remove', 60) }));
  expect(planned.answer?.text).toContain(
    'Its record cannot be read: previews/records/pr-7.yaml:1:1: the key "repository" is missing.',
  );
  expect(planned.change.files.size).toBe(0);
});

test('what cannot be rendered is told, and nothing of it changes', async () => {
  const files = { ...(await opened()), 'bases/shop/web.yaml': 'kind: [Deployment\n' };
  const planned = await plan(files, sweep(61, { command: asks('redeploy', 60) }));
  expect(outcomes(planned)).toEqual(['pr-7 failed active']);
  expect(planned.answer).toMatchObject({ obeyed: false, text: expect.stringContaining('bases/shop/web.yaml:2:1') });
  expect(planned.change.files.size).toBe(0);
});

describe('a preview of a fork', () => {
  const asked = (verb: CommandVerb, more: Partial<PreviewCommand> = {}) => ({
    ...sweep(2, { command: asks(verb, 1, { fork: true, ...more }) }),
  });

  test('that has gone comes back by its label, and by no push', async () => {
    const problem = 'It has no label "preview".';
    const request = { ...asked('redeploy', { problem }), requested: previewOf(7) };
    expect((await plan(OPS, request)).answer).toEqual({ obeyed: false, text: problem });
    expect((await plan(OPS, asked('redeploy'))).answer?.text).toBe(
      'There is no pr-7. The label for forks opens one, taken off and put on again.',
    );
  });

  test('that is removed is told so, too, and what is there needs no label', async () => {
    const files = await opened();
    expect((await plan(files, asked('remove'))).answer?.text).toBe(
      'There is no pr-7 now. The label for forks opens one, taken off and put on again.',
    );
    expect((await plan(files, asked('sleep', { problem: 'It has no label "preview".' }))).answer?.obeyed).toBe(true);
  });
});
