import type { Deed } from '../support/hands.js';
import { at, overlay } from '../support/plain.js';
import { ruled, start } from '../support/verbs.js';

const RULES =
  'environments:\n  dev: {}\n  staging: { after: dev }\n  production: { after: staging, approvers: [grace, heidi] }\n';
const promotion = { action: 'promote' as const };

/** What was in the first environment only is promoted to the last one with force, and no approver stands behind that. */
export const deed: Deed = {
  async attack(ops) {
    await ruled(ops, RULES, { [at('dev')]: overlay('2.0.0') });
    return start(ops, { ...promotion, inputs: { from: 'dev', to: 'production', apps: 'shop', force: 'true' } });
  },
  refused: /^failure: .*production takes shop 2\.0\.0 only once it is in staging.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ruled(ops, RULES, { [at('dev')]: overlay('2.0.0') });
    return start(ops, {
      ...promotion,
      inputs: { from: 'staging', to: 'production', apps: 'shop' },
      approvedBy: ['grace', 'heidi'],
    });
  },
  allowed: /^success: .*Takes shop 1\.5\.0.* \| merged$/,
};
