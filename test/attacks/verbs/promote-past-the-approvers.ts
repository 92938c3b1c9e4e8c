import type { Deed } from '../support/hands.js';
import { ruled, rules, start } from '../support/verbs.js';

const promotion = { action: 'promote' as const, inputs: { from: 'staging', to: 'production', apps: 'shop' } };

/** One approval, where nobody can tell who started the promotion. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, { ...promotion, approvedBy: ['grace'] });
  },
  refused: /^failure: Not yet: production: 1 of 2 approvals.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, rules('after: staging'));
    return start(ops, { ...promotion, approvedBy: ['grace', 'heidi'] });
  },
  allowed: /^success: .*approved by grace, heidi\. \| merged$/,
};
