import { expect, test } from '@jest/globals';
import { isoSeconds, utc } from '../../src/report/time.js';

test('a time is told to the minute, and written to the second', () => {
  const time = new Date('2026-11-21T12:00:59.999Z');
  expect(utc(time)).toBe('2026-11-21 12:00 UTC');
  expect(isoSeconds(time)).toBe('2026-11-21T12:00:59Z');
});
