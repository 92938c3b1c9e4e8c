import { expect, test } from '@jest/globals';
import { statusLine, statusOf } from '../../../../../src/ops/verbs/previews/feedback/status.js';
import type { Decision } from '../../../../../src/ops/verbs/previews/plan/decision.js';
import { decided, recordOf } from '../support.js';

test.each<[string, Decision, string]>([
  ['opened', decided('opened'), 'deploying'],
  ['kept', decided('kept'), 'deploying'],
  ['queued', decided('queued', { state: 'queued', position: 3 }), 'queued at position 3 (limit 20)'],
  [
    'kept in the queue',
    decided('kept', { position: 1 }, recordOf(7, { state: 'queued' })),
    'queued at position 1 (limit 20)',
  ],
  ['removed', decided('removed'), 'removed: because.'],
  ['expired', decided('expired'), 'removed: because.'],
  ['skipped while it runs', decided('skipped'), 'deploying'],
  ['skipped without a preview', decided('skipped', { state: 'gone' }), 'removed: because.'],
  ['failed', decided('failed', { state: 'gone' }), 'failed: because.'],
])('a preview that was %s has its status', (_name, decision, line) => {
  expect(statusLine(statusOf(decision, { limit: 20, sleepAfterMs: undefined }))).toBe(line);
});
