import { describe, expect, test } from '@jest/globals';
import type { PreviewRecord } from '../../../../../src/ops/preview-records/record.js';
import { removalOf } from '../../../../../src/ops/verbs/previews/plan/removal.js';
import type { ReconcileRequest } from '../../../../../src/ops/verbs/previews/plan/request.js';
import { at, listed, recordOf } from '../support.js';

const EXPIRED = { expiresAt: at(9).toISOString() };
const RUN = { name: 'run-1', pullRequest: undefined, run: '1' };
const CLOSED = 'removed: pull request #7 is no longer open.';
const TIMED_OUT = 'expired: it expired at 2026-11-21T09:09:00.000Z: nothing was pushed in time.';

describe('at minute 10 a preview that was last requested at minute 0', () => {
  test.each<[string, Partial<PreviewRecord>, Partial<ReconcileRequest>, string]>([
    ['stays while its pull request is open', {}, { pullRequests: [listed([7], at(5))] }, 'stays'],
    ['is removed when its pull request is closed', {}, { pullRequests: [listed([8], at(5))] }, CLOSED],
    ['is removed when no pull request is open', {}, { pullRequests: [listed([], at(5))] }, CLOSED],
    ['is removed by a list of the same time', {}, { pullRequests: [listed([], at(0))] }, CLOSED],
    ['stays when the list is older than its request', {}, { pullRequests: [listed([], at(-1))] }, 'stays'],
    ['stays when the list could not be read', {}, { pullRequests: [] }, 'stays'],
    ['stays when another repository was read', {}, { pullRequests: [listed([], at(5), 'acme/site')] }, 'stays'],
    ['is found in any case', {}, { pullRequests: [listed([], at(5), 'Acme/Apps')] }, CLOSED],
    ['expires although its pull request is open', EXPIRED, { pullRequests: [listed([7], at(5))] }, TIMED_OUT],
    ['expires when the list could not be read', EXPIRED, { pullRequests: [] }, TIMED_OUT],
    ['is removed rather than expired', EXPIRED, { pullRequests: [listed([], at(5))] }, CLOSED],
    ['of a run is not removed by any list', RUN, { pullRequests: [listed([], at(5))] }, 'stays'],
    ['of a run expires', { ...RUN, ...EXPIRED }, {}, TIMED_OUT],
    [
      'is removed on request, open or not',
      {},
      { pullRequests: [listed([7], at(5))], remove: [{ name: 'pr-7', repository: 'Acme/apps' }] },
      'removed: its removal was requested.',
    ],
    ['stays when another repository requests it', {}, { remove: [{ name: 'pr-7', repository: 'acme/site' }] }, 'stays'],
  ])('%s', (_rule, record, request, expected) => {
    const decision = removalOf(recordOf(7, record), { now: at(10), pullRequests: [], ...request });
    expect(decision === undefined ? 'stays' : `${decision.action}: ${decision.reason}`).toBe(expected);
    expect(decision?.state ?? 'gone').toBe('gone');
  });
});
