import { expect, test } from '@jest/globals';
import { goneAt, recordFor, removalReason } from '../../../../../src/ops/verbs/previews/branch/last-record.js';
import type { Decision } from '../../../../../src/ops/verbs/previews/plan/decision.js';
import { commitMessage } from '../../../../../src/ops/verbs/previews/run/commit-message.js';
import { decided, recordOf } from '../support.js';

test.each([
  ['that went before it', '2026-11-21T08:59:59Z', true],
  ['that went in the same second', '2026-11-21T09:00:00Z', true],
  ['but none that was removed since, when it is sent again', '2026-11-21T09:00:01Z', false],
])('a command brings back a preview %s', (_which, goneAt, expected) => {
  const record = recordOf(7);
  const found = recordFor(new Date('2026-11-21T09:00:00.400Z'), {
    ...{ record, goneAt: new Date(goneAt), reason: undefined },
  });
  expect(found).toBe(expected ? record : undefined);
});

const other = (pullRequest: number, action: Decision['action'], reason: string) =>
  decided(action, { reason, state: 'gone' }, recordOf(pullRequest));

test.each<[string, Decision[], string | undefined]>([
  ['that somebody removed', [other(7, 'removed', 'mona asked for that. The next push opens it again.')], undefined],
  ['that expired', [other(7, 'expired', 'it expired at 10:00: nothing was pushed in time.')], undefined],
  ['among others', [other(77, 'removed', 'another.'), other(7, 'removed', 'its own.')], 'its own.'],
])('why a preview has gone %s is in the message of the commit', (_which, decisions, reason) => {
  const { body } = commitMessage({ action: 'preview-command', own: undefined, runUrl: 'https://runs/1' }, decisions);
  expect(removalReason(body, 'pr-7')).toBe(reason ?? decisions[0]?.reason);
  expect(removalReason(body, 'pr-70')).toBeUndefined();
});

test.each([
  ['nothing', ''],
  ['another preview', '- pr-77 removed: another.'],
  ['what stays', '- pr-7 updated: its apps, images or manifests have changed.'],
  ['in a sentence', 'I say - pr-7 removed: because.'],
])('a commit that says %s gives no reason', (_what, body) => {
  expect(removalReason(body, 'pr-7')).toBeUndefined();
});

test.each<[string, Date | undefined, string, string]>([
  ['asked for it: then', new Date('2026-11-21T09:00:05Z'), 'pr-7', '2026-11-21T09:00:05.000Z'],
  ['asked for that of another: with the commit', new Date('2026-11-21T09:00:05Z'), 'pr-77', '2026-11-21T09:01:00.000Z'],
  ['did not ask for it: with the commit', undefined, 'pr-7', '2026-11-21T09:01:00.000Z'],
])('a preview has gone, where somebody %s', (_, askedAt, name, time) => {
  const own = { name: 'pr-7', repository: 'acme/apps', head: 'a'.repeat(40) };
  const context = { action: 'preview-command', own, runUrl: 'https://runs/1', askedAt };
  const { body } = commitMessage(context, [other(7, 'removed', 'mona asked for that.')]);
  expect(goneAt(body, name, '2026-11-21T09:01:00Z').toISOString()).toBe(time);
});

test('a time that is none is that of the commit', () => {
  expect(goneAt('Ostack-Asked: pr-7 soon', 'pr-7', '2026-11-21T09:01:00Z').toISOString()).toBe(
    '2026-11-21T09:01:00.000Z',
  );
});
