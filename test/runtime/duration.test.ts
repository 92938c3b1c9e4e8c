import { expect, test } from '@jest/globals';
import { durationOf, parseDuration } from '../../src/runtime/duration.js';

test.each([
  [0, '0s'],
  [90_000, '90s'],
  [600_000, '10m'],
  [5_400_000, '90m'],
  [7_200_000, '2h'],
  [259_200_000, '3d'],
])('%d milliseconds are %s, and that is read as the same', (ms, text) => {
  expect(durationOf(ms)).toBe(text);
  expect(parseDuration(text)).toBe(ms);
});

test('what is less than a second is rounded', () => {
  expect(durationOf(1500)).toBe('2s');
});
