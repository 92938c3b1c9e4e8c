import { operate, SOAKING } from '../support/operators.js';
import type { Run } from '../support/workflows.js';

const promotion = {
  ...{ verb: 'promote', by: 'mallory' },
  inputs: { to: 'production', from: 'staging', apps: 'shop', force: true, reason: 'now' },
};

/** Our own verb promotes with force, which whoever may start workflows can say. */
export const deed: Run = {
  async attack(ops) {
    await ops.repository.commit('main', { 'ostack.yaml': SOAKING }, 'policy');
    await ops.runner.idle();
    return operate(ops, promotion);
  },
  refused: /^failure: Not yet.*production: .* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ops.repository.commit('main', { 'ostack.yaml': SOAKING }, 'policy');
    await ops.runner.idle();
    return operate(ops, { ...promotion, approvedBy: 'grace' });
  },
  allowed: /^success: .*forced by mallory: now; approved by grace\. \| merged/,
};
