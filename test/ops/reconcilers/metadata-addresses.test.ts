import { expect, test } from '@jest/globals';
import { keptOutOf } from '../../../src/ops/reconcilers/metadata-addresses.js';

test.each<[range: string, expected: string[]]>([
  ['0.0.0.0/0', ['169.254.0.0/16', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32']],
  ['::/0', ['fe80::/10', 'fd00:ec2::/32', 'fd20:ce::/32']],
  ['100.64.0.0/10', ['100.100.100.200/32']],
  ['169.0.0.0/8', ['169.254.0.0/16']],
  ['fc00::/7', ['fd00:ec2::/32', 'fd20:ce::/32']],
  // Who names these means them.
  ['169.254.0.0/16', []],
  ['169.254.169.254/32', []],
  ['168.63.129.16/32', []],
  ['fd00:ec2::254/128', []],
  ['10.20.0.0/16', []],
  ['1.2.3/99', []],
])('of %s is kept out %j', (range, expected) => {
  expect(keptOutOf(range)).toEqual(expected);
});
