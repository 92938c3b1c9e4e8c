import { startGate, stealFrom } from '../support/steal.js';
import type { Run } from '../support/workflows.js';

/** A workflow of a branch asks for the environment that has the key of the ops App. */
export const deed: Run = {
  async attack(ops) {
    return stealFrom(ops, 'refs/heads/topic');
  },
  refused: /^\w+ failure: (?!.*characters).*not allowed to deploy/s,
  async honest(ops) {
    return startGate(ops);
  },
  allowed: /^204 workflow_dispatch success/,
};
