import { describe, expect, test } from '@jest/globals';
import type { LedgerEntry } from '../../../src/ops/ledger/ledger.js';
import type { Trailers } from '../../../src/ops/ledger/trailers.js';
import { chooseGoal } from '../../../src/ops/restore/goal.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

/** What was held, newest first: a version, `-` where the app was not there, `@` where only a digest was. */
function entries(...held: string[]): LedgerEntry[] {
  return held.map((version, index) => ({
    ...{ oid: `${index}`.repeat(40), lastOid: `${index}`.repeat(40), author: 'ada', pullRequest: undefined },
    at: new Date(Date.UTC(2026, 10, 21 - index)),
    present: version !== '-',
    version: version === '-' || version === '@' ? null : version,
    targets: /\d/.test(version)
      ? [{ kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: version }]
      : [],
    pinned: version === '@' ? [{ repository: 'ghcr.io/acme/shop', digest: DIGEST }] : [],
    trailers: undefined,
  }));
}

function goal(held: readonly LedgerEntry[], named?: string, complete = true): string {
  const chosen = chooseGoal({ entries: [...held], complete }, 'production', 'shop', named);
  return 'entry' in chosen ? `${chosen.from} to ${chosen.version}` : `there: ${chosen.reason}`;
}

function rolledBack(held: LedgerEntry[], more: Partial<Trailers> = {}): LedgerEntry[] {
  const trailers = { action: 'rollback', environment: 'production', app: 'shop', version: '1.4.0', images: [] };
  return held.map((entry, index) =>
    index === 0 ? { ...entry, trailers: { ...trailers, source: undefined, run: undefined, ...more } } : entry,
  );
}

const THERE = '1.4.0 in production is a rollback already (since 2026-11-21 00:00 UTC';
const AND = '); name a version to go back further';

describe('a rollback goes', () => {
  test.each<[string, LedgerEntry[], string | undefined, string]>([
    ['to the version before', entries('1.5.0', '1.4.0', '1.3.0'), undefined, '1.5.0 to 1.4.0'],
    ['over a time without the app', entries('1.5.0', '-', '1.4.0'), undefined, '1.5.0 to 1.4.0'],
    ['to the version that is named', entries('1.5.0', '1.4.0', '1.3.0'), '1.3.0', '1.5.0 to 1.3.0'],
    ['to a version by its tag', entries('1.5.0', '1.4.0'), 'v1.4.0', '1.5.0 to 1.4.0'],
    ['to the newest of that version', entries('1.5.0', '1.4.0', '1.3.0', '1.4.0'), '1.4.0', '1.5.0 to 1.4.0'],
    ['to what is held, where that is named', entries('1.5.0', '1.4.0'), '1.5.0', '1.5.0 to 1.5.0'],
    ['from a digest', entries('@', '1.4.0'), undefined, 'sha256:aaaaaaaaaaaa to 1.4.0'],
    ['nowhere after a rollback', rolledBack(entries('1.4.0', '1.5.0')), undefined, `there: ${THERE}${AND}`],
    [
      'nowhere after one that somebody started',
      rolledBack(entries('1.4.0', '1.5.0'), { by: 'ada' }),
      undefined,
      `there: ${THERE} by ada${AND}`,
    ],
    [
      'nowhere after one of several apps',
      rolledBack(entries('1.4.0', '1.5.0'), { app: 'cart', more: [{ app: 'shop', version: '1.4.0' }] }),
      undefined,
      `there: ${THERE}${AND}`,
    ],
    [
      'back after one of another app that changed the file too',
      rolledBack(entries('1.4.0', '1.5.0'), { app: 'cart' }),
      undefined,
      '1.4.0 to 1.5.0',
    ],
    ['further where a version is named', rolledBack(entries('1.4.0', '1.5.0', '1.3.0')), '1.3.0', '1.4.0 to 1.3.0'],
  ])('%s', (_, held, named, expected) => {
    expect(goal(held, named)).toBe(expected);
  });
});

describe('a rollback is refused', () => {
  const nothing = 'There is no app "shop" in production, so there is nothing to roll back. Check both names.';
  const many = Array.from({ length: 12 }, (_, index) => `1.${20 - index}.0`);

  test.each<[string, LedgerEntry[], string | undefined, boolean, string]>([
    ['where nothing was ever there', [], undefined, true, nothing],
    ['where the app is gone', entries('-', '1.4.0'), '1.4.0', true, nothing],
    [
      'where there was nothing before',
      entries('1.5.0'),
      undefined,
      true,
      'shop ran nothing but 1.5.0 in production, so there is no version to go back to.',
    ],
    [
      'where nobody knows what was before',
      entries('1.5.0'),
      undefined,
      false,
      'shop ran nothing but 1.5.0 in production as far back as its history was read, so there is no version to go back to.',
    ],
    [
      'to what no tag names',
      entries('1.5.0', '@'),
      undefined,
      true,
      'What shop held in production on 2026-11-20 00:00 UTC names no version. Revert 1111111 by hand, or name another version.',
    ],
    [
      'to a version that was never there',
      entries('1.5.0', '1.4.0', '1.5.0', '-'),
      '9.0.0',
      true,
      'shop 9.0.0 was never in production. It ran, newest first: 1.5.0, 1.4.0. Name one of these.',
    ],
    [
      'to one that was not there lately',
      entries(...many),
      '9.0.0',
      true,
      `shop 9.0.0 was never in production. It ran, newest first: ${many.slice(0, 8).join(', ')} and earlier ones. Name one of these.`,
    ],
  ])('%s', (_, held, named, complete, message) => {
    expect(() => goal(held, named, complete)).toThrow(new Error(message));
  });
});
