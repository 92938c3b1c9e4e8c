import { operate, SOAKING } from '../support/operators.js';
import type { Run } from '../support/workflows.js';

const promotion = {
  ...{ verb: 'promote', by: 'mallory' },
  inputs: { to: 'production', from: 'staging', apps: 'shop', force: true, reason: 'now' },
};

/** An approver starts a promotion, whose author is the App, and approves it. */
export const deed: Run = {
  async attack(ops) {
    await ops.repository.commit('main', { 'ostack.yaml': SOAKING }, 'policy');
    await ops.runner.idle();
    return operate(ops, { ...promotion, by: 'grace', approvedBy: 'grace' });
  },
  refused: /The approval of grace does not count: they started the run that made it.* \| .*oStack \/ gate/s,
  async honest(ops) {
    await ops.repository.commit('main', { 'ostack.yaml': SOAKING }, 'policy');
    await ops.runner.idle();
    return operate(ops, { ...promotion, by: 'grace', approvedBy: 'heidi' });
  },
  allowed: /^success: .*approved by heidi\. \| merged/,
};
