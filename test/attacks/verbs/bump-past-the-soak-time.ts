import type { Deed } from '../support/hands.js';
import { ruled, rules, start } from '../support/verbs.js';

const bump = {
  ...{ action: 'bump-ops-overlay' as const, approvedBy: ['grace', 'heidi'] },
  inputs: { image: 'ghcr.io/acme/shop', environments: 'production', tag: '1.5.0' },
};

/** A release goes to production before it was in staging for long enough. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, rules('after: staging, soak: 2h'));
    return start(ops, bump);
  },
  refused: /^failure: Not yet, until .*production: shop 1\.5\.0 is in staging since.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, rules('after: staging, soak: 0s'));
    return start(ops, bump);
  },
  allowed: /^success: .*Takes shop 1\.5\.0.* \| merged$/,
};
