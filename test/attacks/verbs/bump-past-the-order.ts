import type { Deed } from '../support/hands.js';
import { ruled, rules, start } from '../support/verbs.js';

const bump = { image: 'ghcr.io/acme/shop', environments: 'production' };

/** A release goes to production before it was in staging. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, {
      ...{ action: 'bump-ops-overlay', inputs: { ...bump, tag: '9.9.9' }, approvedBy: ['grace', 'heidi'] },
    });
  },
  refused: /^failure: .*production takes shop 9\.9\.9 only once it is in staging.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, {
      ...{ action: 'bump-ops-overlay', inputs: { ...bump, tag: '1.5.0' }, approvedBy: ['grace', 'heidi'] },
    });
  },
  allowed: /^success: .*Takes shop 1\.5\.0.* \| merged$/,
};
