import { describe, expect, test } from '@jest/globals';
import type { PreviewRecord } from '../../../../src/ops/preview-records/record.js';
import type { ReconcileRequest } from '../../../../src/ops/verbs/previews/decision.js';
import { whyGone } from '../../../../src/ops/verbs/previews/survive.js';
import { at, listed, sha } from './support.js';

/** The preview of pull request 7, asked for at minute 5, whose time is over at minute 100. */
const RECORD: PreviewRecord = {
  ...{ name: 'pr-7', repository: 'acme/apps', pullRequest: { number: 7 }, head: sha(1), state: 'active' },
  ...{ host: 'staging', createdAt: at(0).toISOString(), updatedAt: at(5).toISOString() },
  ...{ expiresAt: at(100).toISOString(), apps: [] },
};
const { pullRequest: _, ...rest } = RECORD;
const OF_A_RUN: PreviewRecord = { ...rest, name: 'run-12', run: '12' };

function outcome(record: PreviewRecord, request: Partial<ReconcileRequest>): string {
  const decision = whyGone(record, { now: at(10), pullRequests: [], ...request });
  return decision === undefined ? 'stays' : `${decision.action} ${decision.state}`;
}

describe('a preview', () => {
  test.each<[what: string, request: Partial<ReconcileRequest>, expected: string]>([
    ['whose pull request is open stays', { pullRequests: [listed([7], at(9))] }, 'stays'],
    ['whose pull request is closed goes', { pullRequests: [listed([8], at(9))] }, 'removed gone'],
    ['of the last pull request goes, too', { pullRequests: [listed([], at(9))] }, 'removed gone'],
    ['asked for at the time of the list goes by it', { pullRequests: [listed([], at(5))] }, 'removed gone'],
    ['asked for after the list was read stays', { pullRequests: [listed([], at(4))] }, 'stays'],
    ['of which no list could be read stays', { pullRequests: [] }, 'stays'],
    ['of which only the list of others was read stays', { pullRequests: [listed([], at(9), 'acme/site')] }, 'stays'],
    [
      'goes by the list of its own repository among others',
      { pullRequests: [listed([7], at(9), 'acme/site'), listed([], at(9))] },
      'removed gone',
    ],
    [
      'is its repository’s in whatever case that is written',
      { pullRequests: [listed([], at(9), 'Acme/Apps')] },
      'removed gone',
    ],
    ['that is asked to go goes', { remove: [{ name: 'pr-7', repository: 'acme/apps' }] }, 'removed gone'],
    [
      'that is asked to go goes although its pull request is open',
      { pullRequests: [listed([7], at(9))], remove: [{ name: 'pr-7', repository: 'acme/apps' }] },
      'removed gone',
    ],
    ['that another repository asks to go stays', { remove: [{ name: 'pr-7', repository: 'acme/site' }] }, 'stays'],
    ['stays where another is asked to go', { remove: [{ name: 'pr-8', repository: 'acme/apps' }] }, 'stays'],
    ['whose time is nearly over stays', { now: at(99) }, 'stays'],
    ['whose time is over goes', { now: at(100) }, 'expired gone'],
    [
      'whose time is over goes although its pull request is open',
      { now: at(100), pullRequests: [listed([7], at(99))] },
      'expired gone',
    ],
  ])('%s', (_what, request, expected) => {
    expect(outcome(RECORD, request)).toBe(expected);
  });

  test.each<[what: string, request: Partial<ReconcileRequest>, expected: string]>([
    ['goes by no list of pull requests', { pullRequests: [listed([], at(9))] }, 'stays'],
    ['goes when it is asked to', { remove: [{ name: 'run-12', repository: 'acme/apps' }] }, 'removed gone'],
    ['goes when its time is over', { now: at(100) }, 'expired gone'],
  ])('of a run %s', (_what, request, expected) => {
    expect(outcome(OF_A_RUN, request)).toBe(expected);
  });
});
