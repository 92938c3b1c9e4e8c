import { afterEach, expect, test } from '@jest/globals';
import { mergeTimeoutInput } from '../../src/actions/propose-inputs.js';

const INPUT = 'INPUT_MERGE-TIMEOUT';
afterEach(() => {
  delete process.env[INPUT];
});

test.each([
  ['', 600_000],
  ['0s', 0],
  ['50m', 3_000_000],
  ['3000s', 3_000_000],
])('a run waits %j for merges', (text, expected) => {
  process.env[INPUT] = text;
  expect(mergeTimeoutInput()).toBe(expected);
});

test.each([
  ['51m', '51m'],
  ['3001s', '3001s'],
  ['1h', '1h'],
  ['2d', '2d'],
])('a run does not wait %s for merges, which is longer than its token lives', (text, said) => {
  process.env[INPUT] = text;
  expect(mergeTimeoutInput).toThrow(`Input "merge-timeout" is ${said}, expected at most 50m, because an App's token`);
});
