import { open } from '../support/guarded.js';
import { startGate, stealFrom } from '../support/steal.js';
import type { Run } from '../support/workflows.js';
import { saidBy } from '../support/workflows.js';

/** A workflow of a pull request asks for the environment. */
export const deed: Run = {
  async attack(ops) {
    await stealFrom(ops, 'refs/heads/topic', 'pull_request');
    await open(ops, 'topic');
    await ops.runner.idle();
    return saidBy(ops, 'Steal');
  },
  refused: /^\w+ failure: (?!.*characters).*not allowed to deploy/s,
  async honest(ops) {
    return startGate(ops);
  },
  allowed: /^204 workflow_dispatch success/,
};
