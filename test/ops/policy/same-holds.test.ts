import { expect, test } from '@jest/globals';
import { hasSameHolds } from '../../../src/ops/policy/same-holds.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const OLD = '- { environment: production, app: shop, since: 2026-11-01T00:00:00Z, by: ada }\n';
const hold = (since: string, more = '') => `- { environment: staging, app: shop, since: ${since}, by: ada${more} }\n`;
const PLANNED = `${OLD}${hold('2026-11-30T12:00:00Z', ', run: "https://github.test/2"')}`;

test.each<[what: string, found: string, isSame: boolean]>([
  ['the same', PLANNED, true],
  ['a hold of a run that was stopped', `${OLD}${hold('2026-11-30T11:00:00Z', ', run: "https://github.test/1"')}`, true],
  ['a hold of long ago', `${OLD}${hold('2026-11-28T11:00:00Z')}`, false],
  ['a hold that begins later', `${OLD}${hold('2026-11-30T12:00:01Z')}`, false],
  ['a hold that ends', `${OLD}${hold('2026-11-30T11:00:00Z', ', until: 2026-11-30T12:30:00Z')}`, false],
  ['a hold for another reason', `${OLD}${hold('2026-11-30T11:00:00Z', ', reason: fun')}`, false],
  ['a hold of another version', `${OLD}${hold('2026-11-30T11:00:00Z', ', version: 9.9.9')}`, false],
  ['one hold less', hold('2026-11-30T11:00:00Z'), false],
  ['one hold more', `${PLANNED}${hold('2026-11-30T11:00:00Z')}`, false],
  ['an old hold that began another time', PLANNED.replace('2026-11-01', '2026-11-30'), false],
  ['nothing', '', false],
  ['what is no list of holds', 'a: [', false],
])('whether holds are as planned, with %s', (_what, found, isSame) => {
  expect(hasSameHolds({ base: OLD, planned: PLANNED, found }, NOW)).toBe(isSame);
});
