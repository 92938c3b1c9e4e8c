import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fitsWildcards } from '../../../src/ops/tree/wildcards.js';

test.each([
  ['web', 'web', true],
  ['web', 'web-api', false],
  ['web*', 'web', true],
  ['web*', 'web-api', true],
  ['*-api', 'web-api', true],
  ['*-api', 'api', false],
  ['w*b', 'wb', true],
  ['wb*b', 'wb', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a**c', 'abc', true],
  ['apps/*/values.yaml', 'apps/web/prod/values.yaml', true],
  ['a.c', 'abc', false],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
])('"%s" fits "%s": %s', (pattern, text, expected) => {
  expect(fitsWildcards(pattern, text)).toBe(expected);
});

test('it says what a regular expression says', () => {
  const few = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  fc.assert(
    fc.property(few, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }), (pattern, text) => {
      expect(fitsWildcards(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
    }),
  );
});

test('a pattern of many wildcards is told at once', () => {
  const start = performance.now();
  expect(fitsWildcards('*a'.repeat(2_000), `${'a'.repeat(50_000)}b`)).toBe(false);
  expect(fitsWildcards(`${'*a'.repeat(2_000)}b*`, `${'a'.repeat(50_000)}`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(1_000);
});
