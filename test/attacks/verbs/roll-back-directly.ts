import type { Deed } from '../support/hands.js';
import { at, overlay } from '../support/plain.js';
import { ruled, rules, start } from '../support/verbs.js';

const rollback = {
  action: 'rollback' as const,
  inputs: { environment: 'production', app: 'shop', direct: 'true' },
};
const AFTER = { [at('production')]: overlay('1.5.0') };

/** A rollback that asks to be committed past everybody becomes a pull request, which waits for approvers all the same. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, rules('after: staging'), AFTER);
    return start(ops, rollback);
  },
  refused: /^failure: Not yet: production: 0 of 2 approvals.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, rules('after: staging'), AFTER);
    return start(ops, { ...rollback, approvedBy: ['grace', 'heidi'] });
  },
  allowed: /^success: .*Takes shop 1\.4\.0; a rollback; approved by grace, heidi\. \| merged$/,
};
