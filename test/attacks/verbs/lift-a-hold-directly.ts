import type { Deed } from '../support/hands.js';
import { ruled, rules, start } from '../support/verbs.js';

const lifting = {
  action: 'lift-hold' as const,
  inputs: { environment: 'production', app: 'shop', direct: 'true' },
};
const HELD = {
  '.ostack/holds.yaml':
    '- environment: production\n  app: shop\n  since: 2026-11-01T00:00:00Z\n  by: grace\n  version: 1.4.0\n',
};

/** To lift a hold past everybody becomes a pull request, which waits for approvers all the same. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, rules('after: staging'), HELD);
    return start(ops, lifting);
  },
  refused: /^failure: Not yet: production: 0 of 2 approvals.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, rules('after: staging'), HELD);
    return start(ops, { ...lifting, approvedBy: ['grace', 'heidi'] });
  },
  allowed: /^success: .* \| merged$/,
};
