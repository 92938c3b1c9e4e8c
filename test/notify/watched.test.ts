import { expect, test } from '@jest/globals';
import { eventsOfWatched } from '../../src/notify/watched.js';

const SINCE = new Date('2026-11-30T12:00:00Z');
const row = {
  ...{ environment: 'production', app: 'shop', version: '1.4.0', commit: 'a'.repeat(40), state: 'live' },
  ...{ since: '2026-11-30T13:00:00.000Z', reason: 'all that reports', url: '' },
};

test('what is live is an event, and what failed is one with its reason and its page', () => {
  const failed = { ...row, state: 'failed', reason: 'health check failed', url: 'https://flux.example/x' };
  const where = { environment: 'production', app: 'shop', version: '1.4.0', commit: 'a'.repeat(40) };
  expect(eventsOfWatched([row, failed], SINCE)).toEqual([
    { ...where, type: 'live', at: '2026-11-30T13:00:00.000Z' },
    {
      ...where,
      type: 'failed',
      at: '2026-11-30T13:00:00.000Z',
      reason: 'health check failed',
      url: 'https://flux.example/x',
    },
  ]);
});

test.each([
  ['what is pending', { state: 'pending' }],
  ['what is on its way', { state: 'progressing' }],
  ['what nobody can tell', { state: 'unknown' }],
  ['what is so for longer', { since: '2026-11-30T11:59:59Z' }],
  ['what is so since nobody knows when', { since: null }],
  ['a time that is none', { since: 'yesterday' }],
])('%s is none', (_, more) => {
  expect(eventsOfWatched([{ ...row, ...more }], SINCE)).toEqual([]);
});

test('a version without a name is called by its commit', () => {
  expect(eventsOfWatched([{ ...row, version: null }], SINCE)[0]?.version).toBe('aaaaaaa');
});
