import { describe, expect, test } from '@jest/globals';
import { type Backup, findBackups, folderOf, PARTS, prefixOf } from '../../../src/infra/backup/backups.js';
import { type Keep, parseKeep, planRetention } from '../../../src/infra/backup/retention.js';

const nothing: Keep = { days: 0, weeks: 0, months: 0 };
const now = new Date('2026-11-30T12:00:00Z');

function backup(at: string, isWhole = true): Backup {
  const prefix = prefixOf('shop', new Date(at), 'aa');
  return { prefix, at: new Date(at), isWhole, keys: [] };
}

/** One at noon of each day, newest first. */
const daily = (days: number) =>
  Array.from({ length: days }, (_, ago) => backup(new Date(now.getTime() - ago * 24 * 3600 * 1000).toISOString()));
const kept = (backups: readonly Backup[], keep: Partial<Keep>) => {
  const over = planRetention(backups, { ...nothing, ...keep }, now);
  return backups.filter((each) => !over.includes(each)).map(({ at }) => at.toISOString().slice(0, 10));
};

describe('How much is kept', () => {
  test.each<[string, Partial<Keep>]>([
    ['7 days', { days: 7 }],
    ['7 days, 4 weeks, 12 months', { days: 7, weeks: 4, months: 12 }],
    [' 1 month , 1 day', { days: 1, months: 1 }],
  ])('%j is read', (text, keep) => expect(parseKeep(text)).toEqual({ ...nothing, ...keep }));

  test.each([
    ['', 'has ""'],
    ['7', 'has "7"'],
    ['7 days 4 weeks', 'has "7 days 4 weeks"'],
    ['7d', 'has "7d"'],
    ['1 year', 'has "1 year"'],
    ['-1 days', 'has "-1 days"'],
    ['0 days', 'expected at least one'],
  ])('%j is an error', (text, message) => expect(() => parseKeep(text)).toThrow(message));
});

describe('Retention', () => {
  test('keeps the newest of each of so many days, weeks from Monday on, and months', () => {
    expect(kept(daily(60), { days: 3 })).toEqual(['2026-11-30', '2026-11-29', '2026-11-28']);
    expect(kept(daily(60), { weeks: 3 })).toEqual(['2026-11-30', '2026-11-29', '2026-11-22']);
    expect(kept(daily(60), { months: 2 })).toEqual(['2026-11-30', '2026-10-31']);
    expect(kept(daily(60), { days: 2, weeks: 2, months: 2 })).toEqual(['2026-11-30', '2026-11-29', '2026-10-31']);
  });

  test('counts days that have a backup, so that old ones stay when no new ones come', () => {
    const old = [backup('2025-03-02T00:00:00Z'), backup('2025-03-01T23:00:00Z'), backup('2025-03-01T01:00:00Z')];
    expect(kept(old, { days: 2 })).toEqual(['2025-03-02', '2025-03-01']);
    expect(planRetention(old, { ...nothing, days: 2 }, now)).toEqual(old.slice(2));
  });

  test('never deletes the newest that is whole, nor counts what is not', () => {
    const half = backup('2026-11-30T11:00:00Z', false);
    const whole = backup('2026-11-01T00:00:00Z');
    expect(planRetention([half, whole], { ...nothing, days: 1 }, now)).toEqual([]);
    expect(planRetention([half], { ...nothing, days: 1 }, now)).toEqual([]);
    expect(planRetention([], { ...nothing, days: 1 }, now)).toEqual([]);
    expect(kept(daily(3), {})).toEqual(['2026-11-30']);
  });

  test('deletes what a run left unfinished a day ago, and leaves what one may be at', () => {
    const [fresh, stale] = [backup('2026-11-29T12:00:01Z', false), backup('2026-11-29T11:59:59Z', false)];
    expect(planRetention([fresh, stale], { ...nothing, days: 9 }, now)).toEqual([stale]);
  });
});

describe('Backups of a space', () => {
  const object = (key: string) => ({ key, size: 1 });
  const all = (prefix: string) => Object.values(PARTS).map((part) => object(`${prefix}/${part}`));

  test('are whole when all of their parts are there, and come newest first', () => {
    const [old, middle, young] = ['2026-01-01', '2026-02-01', '2026-03-01'].map((day) =>
      prefixOf('shop', new Date(day), 'ab'),
    );
    const found = findBackups('backups/shop/', [
      ...all(old ?? ''),
      object(`${middle}/${PARTS.dump}`),
      object(`${middle}/${PARTS.manifest}`),
      ...all(young ?? ''),
    ]);
    expect(found.map(({ prefix, isWhole }) => [prefix, isWhole])).toEqual([
      [young, true],
      [middle, false],
      [old, true],
    ]);
  });

  test('are nothing that is named otherwise, which retention therefore never deletes', () => {
    const others = [
      'backups/shop/README.md',
      'backups/shop/2026/dump.age',
      'backups/shop/20261399T000000Z-ab/dump.age',
      'backups/shop/20260101T000000Z-ab/notes.txt',
      'backups/shop/20260101T000000Z-ab/deep/dump.age',
      'backups/shop-2/20260101T000000Z-ab/dump.age',
      'plans/x/20260101T000000Z-ab/dump.age',
    ];
    expect(findBackups('backups/shop/', others.map(object))).toEqual([]);
  });

  test.each(['', '..', '.hidden', 'a/b', 'a b', 'x'.repeat(64)])('cannot be called %j', (name) => {
    expect(() => folderOf(name)).toThrow('set the input "name"');
  });
});
