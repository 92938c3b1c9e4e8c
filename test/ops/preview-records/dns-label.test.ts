import { expect, test } from '@jest/globals';
import { distinctLabel } from '../../../src/ops/preview-records/dns-label.js';

test.each([
  ['shop', 'shop'],
  ['a', 'a'],
  ['a'.repeat(63), 'a'.repeat(63)],
  ['a'.repeat(64), `${'a'.repeat(53)}-hHASH`],
  ['Shop', 'shop-hHASH'],
  ['-shop', 'shop-hHASH'],
  ['my.shop', 'my-shop-hHASH'],
  ['shop-h0123abcd', 'shop-h0123abcd-hHASH'],
  ['../..', 'hHASH'],
  ['', 'hHASH'],
])('%j becomes the label %s', (text, label) => {
  expect(distinctLabel(text).replace(/(^|-)h[0-9a-f]{8}$/, '$1hHASH')).toBe(label);
});

test('that was cut cannot be had by a text that is spelled so', () => {
  const cut = distinctLabel('A'.repeat(70));
  expect(distinctLabel(cut)).not.toBe(cut);
});
