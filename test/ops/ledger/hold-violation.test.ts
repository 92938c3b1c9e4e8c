import { describe, expect, test } from '@jest/globals';
import { holdViolation, isAutomated } from '../../../src/ops/ledger/hold-violation.js';
import type { LedgerEntry } from '../../../src/ops/ledger/ledger.js';

const HOLD = { environment: 'staging', app: 'shop', version: '1.0.0', since: '2026-11-21T12:00:00Z', by: 'ada' };

function entry(version: string, time: string, present = true): LedgerEntry {
  return {
    ...{ oid: 'a'.repeat(40), lastOid: 'a'.repeat(40), at: new Date(`2026-11-21T${time}Z`), present, version },
    ...{ targets: [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: version }], pinned: [] },
    ...{ trailers: undefined, author: 'ada', pullRequest: undefined },
  };
}

describe('what runs beside a hold', () => {
  test.each([
    ['another version that came when the hold had begun', [entry('1.1.0', '12:00:01')], true],
    ['another version that came in the second of the hold', [entry('1.1.0', '12:00:00')], true],
    ['another version that was there before the hold', [entry('1.1.0', '11:59:59')], false],
    [
      'another version that was there before, of which something else changed since',
      [entry('1.1.0', '12:30:00'), entry('1.1.0', '11:00:00')],
      false,
    ],
    ['the version that is held', [entry('1.0.0', '12:30:00')], false],
    ['the version that is held, in other words', [entry('v1.0.0', '12:30:00')], false],
    ['nothing, where the app has left', [entry('1.1.0', '12:30:00', false)], false],
    ['nothing, where it never was', [], false],
  ])('%s', (_what, entries, isBeside) => {
    expect(holdViolation(HOLD, { entries, complete: true })).toBe(isBeside ? entries[0] : undefined);
  });
});

describe('what came by itself', () => {
  const pull = (byBot: boolean) => ({ number: 7, url: '', byBot });
  test.each([
    ['a release that a bot merged', 'bump-ops-overlay', pull(true), undefined, true],
    ['a promotion that a bot merged', 'promote', pull(true), undefined, true],
    ['a rollback that a bot merged, which is why there is a hold', 'rollback', pull(true), undefined, false],
    ['a release that a person merged', 'bump-ops-overlay', pull(false), undefined, false],
    ['a release that this run merged as a person', 'bump-ops-overlay', pull(false), '1.1.0', true],
    ['a release that another run merged as a person', 'bump-ops-overlay', pull(false), '1.2.0', false],
    ['a commit of a verb, without a pull request', 'promote', undefined, undefined, false],
    ['a commit by hand', undefined, undefined, '1.1.0', false],
  ])('%s', (_what, action, pullRequest, merged, expected) => {
    const names = { environment: 'staging', app: 'cart', version: '3.0.0', more: [{ app: 'shop', version: '1.1.0' }] };
    const trailers =
      action === undefined ? undefined : { action, ...names, images: [], source: undefined, run: undefined };
    expect(isAutomated({ trailers, pullRequest }, 'shop', merged)).toBe(expected);
  });
});
