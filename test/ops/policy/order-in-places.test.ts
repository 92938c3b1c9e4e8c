/** Order and soak time where the environment before has several clusters: what counts is what was in all of them at once. */
import { expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';
import { type HeldEntry, orderRefusal } from '../../../src/ops/policy/rules.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const PRODUCTION = environmentPolicy(
  readPolicy('environments:\n  staging: {}\n  production: { after: staging, soak: 2h }\n'),
  'production',
);
const targets = (version: string) => [imageTarget('ghcr.io/acme/web', version)];

/** What staging had for some hours until now or the next entry: `eu` and `us`. */
function entry(hoursAgo: number, eu: string, us = eu): HeldEntry {
  const places = [
    { place: 'eu', version: eu, targets: targets(eu) },
    { place: 'us', version: us, targets: targets(us) },
  ];
  const at = new Date(NOW.getTime() - hoursAgo * 3_600_000);
  return { at, present: true, version: eu, targets: targets(eu), ...(eu === us ? {} : { places }) };
}

test.each<[string, HeldEntry[], RegExp | undefined]>([
  ['is let in when all clusters have it long enough', [entry(3, '1.6.0'), entry(9, '1.5.0')], undefined],
  [
    'is kept out while one alone has it',
    [entry(3, '1.6.0', '1.5.0'), entry(9, '1.5.0')],
    /which runs 1\.6\.0 in eu and 1\.5\.0 in us/,
  ],
  [
    'is kept out while the other alone has it',
    [entry(3, '1.5.0', '1.6.0'), entry(9, '1.5.0')],
    /which runs 1\.5\.0 in eu and 1\.6\.0 in us/,
  ],
  [
    'soaks from when the last of them got it',
    [entry(1, '1.6.0'), entry(5, '1.6.0', '1.5.0'), entry(9, '1.5.0')],
    /is in staging since 2026-11-20T11:00:00Z/,
  ],
  [
    'is let in where all had it long enough, and one has something newer',
    [entry(1, '1.7.0', '1.6.0'), entry(9, '1.6.0')],
    undefined,
  ],
  [
    'is kept out where it was taken back from the other',
    [entry(1, '1.7.0', '1.5.0'), entry(9, '1.6.0')],
    /1\.5\.0 in us and was taken back from it/,
  ],
  [
    'is kept out where they had it one after the other',
    [entry(1, '1.5.0', '1.6.0'), entry(5, '1.6.0', '1.5.0'), entry(9, '1.5.0')],
    /takes web 1\.6\.0 only once it is in staging/,
  ],
])('a version %s', (_, entries, expected) => {
  const wanted = { app: 'web', version: '1.6.0', targets: targets('1.6.0') };
  const refusal = orderRefusal(PRODUCTION, wanted, new Map([['staging', { entries, complete: true }]]), NOW);
  expect(refusal?.fact ?? 'none').toMatch(expected ?? /^none$/);
});
