import type { Deed } from '../support/hands.js';
import { ruled, rules, start } from '../support/verbs.js';

const bump = {
  action: 'bump-ops-overlay' as const,
  inputs: { image: 'ghcr.io/acme/shop', environments: 'production', tag: '1.5.0' },
};

/** A release goes to production, whose pull requests merge by themselves, and nobody approves it. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, bump);
  },
  refused: /^failure: Not yet: production: 0 of 2 approvals.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, { ...bump, approvedBy: ['grace', 'heidi'] });
  },
  allowed: /^success: .*approved by grace, heidi\. \| merged$/,
};
