import { expect, test } from '@jest/globals';
import { codeVersion, shortVersion } from '../../src/report/short-version.js';

const ID = '0fd39743198ffaf56860e845ce52a324f25510e0';

test.each([
  [ID, '0fd3974'],
  [`sha-${ID}`, 'sha-0fd3974'],
  [`pr-1-${ID}`, 'pr-1-0fd3974'],
  [`main-${ID}-1764460000`, 'main-0fd3974-1764460000'],
  [`${ID}${ID.slice(0, 24)}`, '0fd3974'],
  ['1.4.0', '1.4.0'],
  ['0fd3974', '0fd3974'],
  [`${ID}0`, `${ID}0`],
  ['1234567890', '1234567890'],
])('%s is shown as %s', (version, short) => {
  expect(shortVersion(version)).toBe(short);
  expect(codeVersion(version)).toBe(`\`${short}\``);
});
