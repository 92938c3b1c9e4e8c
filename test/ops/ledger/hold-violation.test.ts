import { describe, expect, test } from '@jest/globals';
import { heldVersion, holdViolation } from '../../../src/ops/ledger/hold-violation.js';
import type { LedgerEntry } from '../../../src/ops/ledger/ledger.js';

const HOLD = { environment: 'staging', app: 'shop', version: '1.0.0', since: '2026-11-21T12:00:00Z', by: 'ada' };

function entry(version: string, time: string, present = true): LedgerEntry {
  return {
    ...{ oid: 'a'.repeat(40), lastOid: 'a'.repeat(40), at: new Date(`2026-11-21T${time}Z`), present, version },
    ...{ targets: [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: version }], pinned: [] },
    ...{ trailers: undefined, author: 'ada', pullRequest: undefined },
  };
}

describe('what violates a hold', () => {
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
  ])('%s', (_what, entries, violates) => {
    expect(holdViolation(HOLD, { entries, complete: true })).toBe(violates ? entries[0] : undefined);
  });
});

describe('what violates a hold of what was there when it began', () => {
  const hold = { ...HOLD, environment: '*', app: '*', version: undefined };

  test.each<[what: string, entries: LedgerEntry[], held: string | undefined, violates: boolean]>([
    ['another version that came since', [entry('1.1.0', '12:00:01'), entry('1.0.0', '11:00:00')], '1.0.0', true],
    ['a first version that came since', [entry('1.1.0', '12:00:01')], undefined, true],
    ['not what was there', [entry('1.0.0', '11:59:59')], '1.0.0', false],
    [
      'not what was there, and came back',
      [entry('1.0.0', '12:30:00'), entry('1.1.0', '12:00:01'), entry('1.0.0', '11:00:00')],
      '1.0.0',
      false,
    ],
    [
      'a version that came after the app had left',
      [entry('1.1.0', '12:30:00'), entry('1.0.0', '11:00:00', false)],
      undefined,
      true,
    ],
    [
      'nothing, where the app has left',
      [entry('1.0.0', '12:30:00', false), entry('1.0.0', '11:00:00')],
      '1.0.0',
      false,
    ],
  ])('%s', (_what, entries, held, violates) => {
    const ledger = { entries, complete: true };
    expect(heldVersion(hold, ledger)).toBe(held);
    expect(holdViolation(hold, ledger)).toBe(violates ? entries[0] : undefined);
  });
});
