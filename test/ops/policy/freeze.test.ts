import { describe, expect, test } from '@jest/globals';
import { freezesAt, frozenUntil } from '../../../src/ops/policy/freeze.js';

const HOUR = 3_600_000;

describe('a freeze', () => {
  const weekend = { cron: '0 16 * * FRI', forMs: 64 * HOUR, timezone: 'Europe/Berlin' };
  test.each([
    ['2026-11-20T14:59:59Z', undefined],
    ['2026-11-20T15:00:00Z', '2026-11-23T07:00:00.000Z'],
    ['2026-11-22T12:00:00Z', '2026-11-23T07:00:00.000Z'],
    ['2026-11-23T07:00:00Z', undefined],
    ['2026-07-03T14:00:00Z', '2026-07-06T06:00:00.000Z'],
  ])('at %s ends %s', (now, until) => {
    expect(frozenUntil([weekend], new Date(now))?.toISOString()).toBe(until);
  });

  test('of several, the last end counts', () => {
    const daily = { cron: '0 0 * * *', forMs: 80 * HOUR, timezone: 'UTC' };
    expect(frozenUntil([weekend, daily], new Date('2026-11-21T12:00:00Z'))?.toISOString()).toBe(
      '2026-11-24T08:00:00.000Z',
    );
  });
});

describe('a freeze of one time', () => {
  const holidays = { from: new Date('2026-12-24T17:00:00Z'), to: new Date('2026-12-27T00:00:00Z') };
  test.each([
    ['2026-12-24T16:59:59Z', undefined],
    ['2026-12-24T17:00:00Z', '2026-12-27T00:00:00.000Z'],
    ['2026-12-26T23:59:59Z', '2026-12-27T00:00:00.000Z'],
    ['2026-12-27T00:00:00Z', undefined],
    ['2027-12-25T12:00:00Z', undefined],
  ])('at %s ends %s', (now, until) => {
    expect(frozenUntil([holidays], new Date(now))?.toISOString()).toBe(until);
  });
});

describe('the freeze that begins within the hour', () => {
  const weekly = { cron: '0 16 * * FRI', forMs: HOUR, timezone: 'UTC' };
  const once = { from: new Date('2026-11-20T15:30:00Z'), to: new Date('2026-11-20T18:00:00Z') };
  test.each([
    ['2026-11-20T14:59:59Z', [weekly], undefined],
    ['2026-11-20T15:00:00Z', [weekly], '2026-11-20T16:00:00.000Z'],
    ['2026-11-20T15:59:59Z', [weekly], '2026-11-20T16:00:00.000Z'],
    ['2026-11-20T16:00:00Z', [weekly], undefined],
    ['2026-11-20T15:00:00Z', [weekly, once], '2026-11-20T15:30:00.000Z'],
    ['2026-11-20T14:29:59Z', [once], undefined],
  ])('at %s', (now, freezes, start) => {
    expect(freezesAt(freezes, new Date(now), HOUR)?.toISOString()).toBe(start);
  });
});
