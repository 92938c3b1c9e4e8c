import { startGate, stealFrom } from '../support/steal.js';
import type { Run } from '../support/workflows.js';

/** A tag has the name of the default branch. */
export const deed: Run = {
  async attack(ops) {
    return stealFrom(ops, 'refs/tags/main');
  },
  refused: /^\w+ failure: (?!.*characters).*not allowed to deploy/s,
  async honest(ops) {
    return startGate(ops);
  },
  allowed: /^204 workflow_dispatch success/,
};
