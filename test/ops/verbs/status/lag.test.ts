import { describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../../../src/ops/ledger/ledger.js';
import { lagBehind, lagWithoutHistory } from '../../../../src/ops/verbs/status/lag.js';
import { isAbout } from '../../../../src/ops/verbs/status/proposals.js';

/** A ledger of versions, newest first, a day each, the newest on the 9th. */
function ledger(...versions: string[]): Ledger {
  const entries = versions.map((version, index) => ({
    ...{
      oid: `${index}`,
      lastOid: `${index}`,
      at: new Date(Date.UTC(2026, 10, 9 - index)),
      present: true,
      version,
      targets: [],
      pinned: [],
    },
    ...{ trailers: undefined, author: 'ada', pullRequest: undefined },
  }));
  return { entries, complete: true };
}

describe('how far an environment is behind the first one', () => {
  test('not at all where they hold the same, whatever the tag is spelled like', () => {
    expect(lagBehind('1.2.0', ledger('1.2.0', '1.1.0'))).toBeUndefined();
    expect(lagBehind('v1.2.0', ledger('1.2.0'))).toBeUndefined();
  });

  test('by the versions that came after its own, and since the first of them came', () => {
    expect(lagBehind('1.0.0', ledger('1.3.0', '1.2.0', '1.0.0'))).toEqual({
      versions: 2,
      since: new Date('2026-11-08'),
      newest: '1.3.0',
    });
  });

  test.each<[version: string | null, first: string | null, isBehind: boolean]>([
    ['1.0.0', '1.0.0', false],
    ['v1.0.0', '1.0.0', false],
    ['1.1.0', '1.0.0', false],
    ['1.0.0', '1.1.0', true],
    ['main', '1.1.0', true],
    [null, '1.1.0', true],
    [null, null, false],
  ])('where only a base tells: %s is behind %s: %s', (version, first, isBehind) => {
    const lag = isBehind ? { versions: undefined, since: undefined, newest: first } : undefined;
    expect(lagWithoutHistory(version, first)).toEqual(lag);
  });

  test('a version that came again counts once', () => {
    expect(lagBehind('1.0.0', ledger('1.2.0', '1.1.0', '1.2.0', '1.0.0'))?.versions).toBe(2);
  });

  test('a version that the first never held is behind by nobody knows how much, or ahead', () => {
    expect(lagBehind('0.9.0', ledger('1.2.0', '1.1.0'))).toEqual({
      versions: undefined,
      since: undefined,
      newest: '1.2.0',
    });
    expect(lagBehind('2.0.0', ledger('1.2.0', '1.1.0'))).toBeUndefined();
  });
});

test.each([
  ['ostack/staging/shop', true],
  ['ostack-rollback/staging/shop', true],
  ['ostack-override/staging/shop/quota', true],
  ['ostack/staging/growth-shop', false],
  ['ostack/production/shop', false],
  ['ostack-promote/staging', false],
  ['ostack-lift/staging/shop', false],
])('%s is about shop in staging: %s', (branch, about) => {
  expect(isAbout({ number: 1, url: '', title: '', branch }, 'staging', 'shop')).toBe(about);
});
