import { OPS, rest } from '../support/guarded.js';
import { startGate, stealFrom } from '../support/steal.js';
import type { Run } from '../support/workflows.js';
import { saidBy } from '../support/workflows.js';

/** The gate is started on a branch where its file is another one. */
export const deed: Run = {
  async attack(ops) {
    await stealFrom(ops, 'refs/heads/topic', 'workflow_dispatch', 'ops-gate');
    const path = `/repos/${OPS}/actions/workflows/ops-gate.yml/dispatches`;
    await rest(ops.stage, `POST ${path}`, { ref: 'topic' }, ops.person('mallory'));
    await ops.runner.idle();
    return saidBy(ops, 'Steal');
  },
  refused: /^\w+ failure: (?!.*characters).*not allowed to deploy/s,
  async honest(ops) {
    return startGate(ops);
  },
  allowed: /^204 workflow_dispatch success/,
};
