import { describe, expect, test } from '@jest/globals';
import type { LedgerEntry } from '../../../src/ops/ledger/ledger.js';
import type { Trailers } from '../../../src/ops/ledger/trailers.js';
import { chooseGoal, unlessMoved } from '../../../src/ops/restore/goal.js';

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
      'What shop held in production on 2026-11-20 00:00 UTC names no version. Revert what came since by hand (0000000), or name another version.',
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

describe('where places have their own versions, such as clusters,', () => {
  /** Newest first: the version of each of two clusters. */
  const inTwo = (...held: [eu: string, us: string][]): LedgerEntry[] =>
    held.flatMap(([eu, us], index): LedgerEntry[] => {
      const [entry, other] = [eu, us].flatMap((version) => entries(version));
      const place = ({ version, targets }: LedgerEntry, name: string) => ({ place: name, version, targets });
      const places =
        entry === undefined || other === undefined || eu === us ? [] : [place(entry, 'eu'), place(other, 'us')];
      return entry === undefined
        ? []
        : [{ ...entry, oid: `${index}`.repeat(40), ...(places.length === 0 ? {} : { places }) }];
    });
  const staged = inTwo(['1.5.0', '1.5.0'], ['1.5.0', '1.4.0'], ['1.4.0', '1.4.0']);
  const apart = inTwo(['1.5.0', '1.5.0'], ['1.4.0', '1.3.0']);

  test.each<[string, LedgerEntry[], string | undefined, string]>([
    ['a rollback goes back over what they had while one after the other got it', staged, undefined, '1.5.0 to 1.4.0'],
    [
      'it takes back the one that has it already',
      inTwo(['1.4.0', '1.5.0'], ['1.4.0', '1.4.0']),
      undefined,
      '1.4.0, 1.5.0 to 1.4.0',
    ],
    ['one of their versions is for all where it is named', apart, '1.3.0', '1.5.0 to 1.3.0'],
    ['a version of all goes before that of one', staged, '1.4.0', '1.5.0 to 1.4.0'],
  ])('%s', (_, held, named, expected) => {
    expect(goal(held, named)).toBe(expected);
  });

  test('which of several versions is meant is asked, and what is named works', () => {
    const asked = new Error(
      'The places of shop in production had different versions before: eu had 1.4.0, us had 1.3.0. Name the version that all of them are to go back to.',
    );
    expect(() => goal(apart)).toThrow(asked);
    expect(goal(apart, '1.4.0')).toBe('1.5.0 to 1.4.0');
  });

  test('all of them are versions that were there', () => {
    expect(() => goal(apart, '9.0.0')).toThrow('It ran, newest first: 1.5.0, 1.4.0, 1.3.0. Name one');
  });
});

test('nothing goes back where another version is there by now than the one that was to go', () => {
  const [entry] = entries('1.5.0');
  if (entry === undefined) {
    throw new Error('There is one.');
  }
  const goal = { app: 'web', from: '1.7.0', version: '1.5.0', entry };
  expect(unlessMoved(goal, '1.7.0', 'staging')).toBe(goal);
  expect(unlessMoved(goal, '1.6.0', 'staging')).toEqual({
    ...{ app: 'web', version: '1.7.0', reason: 'staging runs web 1.7.0 by now, no longer 1.6.0' },
  });
});
