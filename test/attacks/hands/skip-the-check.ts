import { open, runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { GOOD, outcome } from '../support/judged.js';

/** `[skip ci]` in the message of the head keeps GitHub from starting the check, and so the gate: nothing is said of it. */
export const deed: Deed = {
  async attack(ops) {
    const head = await ops.repository.commit('skipping', GOOD, 'feat: shop [skip ci]');
    return outcome(ops, { head, number: await open(ops, 'skipping') });
  },
  refused: /^none \| .*oStack \/ gate/s,
  async honest(ops) {
    const head = await ops.repository.commit('skipping', GOOD, 'feat: shop [skip ci]');
    const number = await open(ops, 'skipping');
    // As the schedule does.
    await runGate(ops);
    return outcome(ops, { head, number });
  },
  allowed: /^success: .* \| merged$/,
};
