import { describe, expect, test } from '@jest/globals';
import { expiryAfter, isExpired, needsRenewal } from '../../../../../src/ops/verbs/previews/plan/expiry.js';
import { at } from '../support.js';

const HOUR = 3_600_000;

describe('the expiry of a preview', () => {
  test('is its time to live from now', () => {
    expect(expiryAfter(at(0), 72 * HOUR)).toBe('2026-11-24T09:00:00.000Z');
  });

  test.each([
    [59, false],
    [60, true],
    [61, true],
  ])('at minute 60 has come at minute %i: %s', (minute, expired) => {
    expect(isExpired({ expiresAt: at(60).toISOString() }, at(minute))).toBe(expired);
  });

  test.each([
    ['all of it', 0, false],
    ['more than half', 29, false],
    ['just half', 30, false],
    ['less than half', 31, true],
    ['nothing', 60, true],
  ])('is renewed by activity when less than half is left: %s', (_left, minute, renewed) => {
    expect(needsRenewal({ expiresAt: at(60).toISOString() }, at(minute), HOUR)).toBe(renewed);
  });
});
