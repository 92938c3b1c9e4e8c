import { describe, expect, test } from '@jest/globals';
import type { LedgerEntry } from '../../../../src/ops/ledger/ledger.js';
import type { Trailers } from '../../../../src/ops/ledger/trailers.js';
import { changesIn } from '../../../../src/ops/verbs/notify/changes-in.js';

const SINCE = new Date('2026-11-30T12:00:00Z');
const WHERE = { environment: 'production', app: 'shop' };

function entry(version: string, at: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  const oid = version.replace(/\D/g, '').padEnd(40, '0');
  return {
    ...{ oid, lastOid: oid, at: new Date(`2026-11-30T${at}:00Z`), present: true, version, targets: [], pinned: [] },
    ...{ trailers: undefined, author: 'ada', pullRequest: undefined },
    ...more,
  };
}

function trailers(action: string, more: Partial<Trailers> = {}): Trailers {
  return { ...WHERE, action, version: '1.1.0', images: [], source: undefined, run: undefined, ...more };
}

const pull = (ownBranch?: string) => ({
  ...{ number: 7, url: 'https://git.example/acme/ops/pull/7', byBot: false, byQueue: false, ownBranch },
});

function eventsOf(entries: LedgerEntry[], complete = true) {
  return changesIn({ entries, complete }, WHERE, SINCE, 'https://git.example/acme/ops');
}

describe('a change of the last hours', () => {
  test('says what came, what it replaced, who it was and where to look', () => {
    const made = trailers('promote', { source: `acme/apps@${'b'.repeat(40)}`, by: 'octocat', reason: 'Monday' });
    const found = eventsOf([entry('1.1.0', '13:00', { trailers: made, pullRequest: pull() }), entry('1.0.0', '09:00')]);
    expect(found).toEqual([
      {
        ...{ type: 'promoted', environment: 'production', app: 'shop', version: '1.1.0', previous: '1.0.0' },
        ...{
          commit: '11'.padEnd(40, '0'),
          at: '2026-11-30T13:00:00Z',
          by: 'octocat',
          reason: 'Monday',
        },
        ...{ source: `acme/apps@${'b'.repeat(40)}`, url: 'https://git.example/acme/ops/pull/7' },
      },
    ]);
  });

  test.each<[string, Partial<LedgerEntry>, string]>([
    ['a release', { trailers: trailers('bump-ops-overlay') }, 'released'],
    ['a promotion', { trailers: trailers('promote') }, 'promoted'],
    ['a rollback', { trailers: trailers('rollback') }, 'rolled-back'],
    ['another action of ours', { trailers: trailers('override') }, 'changed'],
    ['a release whose merge left the trailers out', { pullRequest: pull('ostack/production/shop') }, 'released'],
    ['such a promotion', { pullRequest: pull('ostack-promote/production') }, 'promoted'],
    ['such a rollback', { pullRequest: pull('ostack-rollback/production/shop') }, 'rolled-back'],
    ['a pull request of a person', { pullRequest: pull() }, 'changed'],
    ['a push', {}, 'changed'],
  ])('of %s is called so', (_, more, type) => {
    expect(eventsOf([entry('1.1.0', '13:00', more)]).map((each) => each.type)).toEqual([type]);
  });

  test('without a pull request is found by its commit', () => {
    const [event] = eventsOf([entry('1.1.0', '13:00')]);
    expect(event).toMatchObject({ by: 'ada', url: `https://git.example/acme/ops/commit/${event?.commit}` });
    expect(event).not.toHaveProperty('previous');
  });
});

test.each<[string, LedgerEntry[], boolean, string[]]>([
  ['what is older', [entry('1.1.0', '11:59')], true, []],
  ['what came in that very second', [entry('1.1.0', '12:00')], true, ['1.1.0']],
  ['that an app was removed', [entry('1.1.0', '13:00', { present: false }), entry('1.0.0', '09:00')], true, []],
  [
    'the first version after it was away',
    [entry('1.1.0', '13:00'), entry('1.0.0', '12:30', { present: false })],
    true,
    ['1.1.0'],
  ],
  ['an entry that may have begun earlier', [entry('1.1.0', '13:00'), entry('1.0.0', '12:30')], false, ['1.1.0']],
  ['several', [entry('1.2.0', '14:00'), entry('1.1.0', '13:00'), entry('1.0.0', '09:00')], true, ['1.1.0', '1.2.0']],
])('of %s it tells', (_, entries, complete, versions) => {
  expect(eventsOf(entries, complete).map(({ version }) => version)).toEqual(versions);
});
