import { describe, expect, test } from '@jest/globals';
import { appendHold, HOLDS_FILE, type Hold, readHolds } from '../../../../src/ops/policy/holds.js';
import { isInto } from '../../../../src/ops/pull-requests/stop-merging.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { planHold } from '../../../../src/ops/verbs/hold/plan-hold.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const ASKED: Hold = {
  environment: 'production',
  app: 'shop',
  since: '2026-11-21T12:00:00Z',
  by: 'ada',
  reason: 'Disk full',
};
const bob = { ...ASKED, since: '2026-11-20T12:00:00Z', by: 'bob', reason: 'Checkout fails' };

async function planned(there: readonly Hold[], asked: Hold = ASKED) {
  const text = there.reduce((all: string | undefined, each) => appendHold(all, each), undefined);
  const plan = await planHold(objectTree(text === undefined ? {} : { [HOLDS_FILE]: text }), asked, NOW);
  return plan.state === 'change' ? readHolds(plan.change.files.get(HOLDS_FILE)) : plan;
}

describe('A hold is written', () => {
  test.each<[what: string, there: Hold[], asked?: Hold]>([
    ['where there is none', []],
    ['beside one that is over', [{ ...bob, until: '2026-11-21T12:00:00Z' }]],
    ['beside one of another app', [{ ...bob, app: 'cart' }]],
    ['beside one of another environment', [{ ...bob, environment: 'staging' }]],
    ['beside one of everything, which may be lifted before', [{ ...bob, environment: '*', app: '*' }]],
    ['beside one of its app where all are asked for', [bob], { ...ASKED, app: '*' }],
    ['beside one that ends, where none is asked to end', [{ ...bob, until: '2026-11-22T12:00:00Z' }]],
    [
      'beside one that ends sooner',
      [{ ...bob, until: '2026-11-22T12:00:00Z' }],
      { ...ASKED, until: '2026-11-22T12:00:01Z' },
    ],
  ])('%s', async (_what, there, asked = ASKED) => {
    expect(await planned(there, asked)).toEqual([...there, asked]);
  });
});

describe('A hold that is there is said and not written twice', () => {
  const whose = 'there is a hold already: shop in production is held since 2026-11-20T12:00:00Z by bob: Checkout fails';
  test.each<[what: string, there: Hold, asked: Hold, reason: string]>([
    ['somebody else’s for another reason', bob, ASKED, whose],
    ['one without an end where one that ends is asked for', bob, { ...ASKED, until: '2026-11-22T12:00:00Z' }, whose],
    [
      'a rollback’s',
      { ...bob, version: '1.3.0' },
      ASKED,
      'there is a hold already: shop in production is held at 1.3.0 since 2026-11-20T12:00:00Z by bob: Checkout fails',
    ],
    [
      'that of everything',
      { ...bob, environment: '*', app: '*' },
      { ...ASKED, environment: '*', app: '*' },
      'there is a hold already: everything in every environment is held since 2026-11-20T12:00:00Z by bob: Checkout fails',
    ],
    [
      'one of a run that was started a minute before for as long',
      { ...ASKED, since: '2026-11-21T11:59:00Z', until: '2026-11-21T19:59:00Z' },
      { ...ASKED, until: '2026-11-21T20:00:00Z' },
      'there is a hold already: shop in production is held since 2026-11-21T11:59:00Z until 2026-11-21T19:59:00Z by ada: Disk full',
    ],
  ])('%s', async (_what, there, asked, reason) => {
    expect(await planned([there], asked)).toEqual({ state: 'nothing', reason });
  });
});

describe('A hold stops what merges by itself', () => {
  test.each([
    ['ostack/production/shop', 'production', 'shop', true],
    ['ostack/production/cart', 'production', 'shop', false],
    ['ostack/staging/shop', 'production', 'shop', false],
    ['ostack/staging/shop', '*', 'shop', true],
    ['ostack/staging/shop', 'staging', '*', true],
    ['ostack/staging/shop', '*', '*', true],
    ['ostack-promote/production', 'production', 'shop', true],
    ['ostack-promote/production', 'staging', '*', false],
    ['ostack-rollback/production/shop', '*', '*', false],
    ['ostack-lift-hold/production/shop', '*', '*', false],
    ['renovate/production/shop', '*', '*', false],
  ])('the pull request of %s by one of %s and %s: %s', (branch, environment, app, stops) => {
    expect(isInto(branch, { environment, app })).toBe(stops);
  });
});
