import { describe, expect, test } from '@jest/globals';
import { holdViolation } from '../../../src/ops/ledger/hold-violation.js';
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
    expect(holdViolation(HOLD, { entries, complete: true })?.entry).toBe(violates ? entries[0] : undefined);
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
    const violation = { entry: entries[0], held, isAlone: true };
    expect(holdViolation(hold, { entries, complete: true })).toEqual(violates ? violation : undefined);
  });
});

/** An entry of two clusters; `null` for one that does not have the app. */
function inClusters(eu: string | null, us: string | null, time: string): LedgerEntry {
  const places = [eu, us].flatMap((version, index) => {
    const { targets } = entry(version ?? '', time);
    return version === null ? [] : [{ place: `production/${index === 0 ? 'eu' : 'us'}-1`, version, targets }];
  });
  return { ...entry(eu ?? us ?? '', time), ...(eu === us ? {} : { places }) };
}

describe('what violates a hold in one of several clusters', () => {
  type Expected = { version: string; held: string | undefined; isAlone: boolean } | undefined;
  const found = (version: string, held: string | undefined = '1.0.0', isAlone = true) => ({ version, held, isAlone });

  test.each<[what: string, version: string | undefined, entries: LedgerEntry[], Expected]>([
    [
      'another version in the second',
      '1.0.0',
      [inClusters('1.0.0', '1.1.0', '12:30:00'), inClusters('1.0.0', '1.0.0', '11:00:00')],
      found('1.1.0'),
    ],
    [
      'another version in the first',
      '1.0.0',
      [inClusters('1.1.0', '1.0.0', '12:30:00'), inClusters('1.0.0', '1.0.0', '11:00:00')],
      found('1.1.0'),
    ],
    [
      'one that came to both, one after the other',
      '1.0.0',
      [
        inClusters('1.1.0', '1.1.0', '12:40:00'),
        inClusters('1.0.0', '1.1.0', '12:30:00'),
        inClusters('1.0.0', '1.0.0', '11:00:00'),
      ],
      found('1.1.0'),
    ],
    [
      'another one than the second had, where nothing names a version',
      undefined,
      [inClusters('1.0.0', '1.1.0', '12:30:00'), inClusters('1.0.0', '0.9.0', '11:00:00')],
      found('1.1.0', '0.9.0', false),
    ],
    [
      'another one in the second, while the first has what was there before',
      '1.0.0',
      [inClusters('0.9.0', '1.1.0', '12:30:00'), inClusters('0.9.0', '1.0.0', '11:00:00')],
      found('1.1.0', '1.0.0', false),
    ],
    [
      'not what the second had before, while the first came to what is held',
      '1.0.0',
      [inClusters('1.0.0', '1.1.0', '12:30:00'), inClusters('0.9.0', '1.1.0', '11:00:00')],
      undefined,
    ],
    [
      'not one that came to the second and left it',
      '1.0.0',
      [
        inClusters('0.9.0', '1.0.0', '12:40:00'),
        inClusters('0.9.0', '1.1.0', '12:30:00'),
        inClusters('0.9.0', '1.0.0', '11:00:00'),
      ],
      undefined,
    ],
    [
      'one that a new cluster has',
      '1.0.0',
      [inClusters('1.0.0', '1.1.0', '12:30:00'), inClusters('1.0.0', null, '11:00:00')],
      found('1.1.0'),
    ],
  ])('%s', (_what, version, entries, expected) => {
    const violation = holdViolation({ ...HOLD, version }, { entries, complete: true });
    const shown = violation && { ...violation, version: violation.entry.version };
    expect(shown).toEqual(expected && expect.objectContaining(expected));
  });

  test('and which commit brought it there, whatever came to the other one since', () => {
    const entries = [
      { ...inClusters('1.0.1', '1.1.0', '12:40:00'), oid: 'b'.repeat(40), author: 'grace' },
      inClusters('1.0.0', '1.1.0', '12:30:00'),
      inClusters('1.0.0', '1.0.0', '11:00:00'),
    ];
    const violation = holdViolation({ ...HOLD, version: '1.0.1' }, { entries, complete: true });
    expect(violation?.entry).toMatchObject({ version: '1.1.0', oid: 'a'.repeat(40), author: 'ada' });
  });
});
