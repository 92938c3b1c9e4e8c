import { open, runGate } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { outcome } from '../support/judged.js';

/** A second pull request has the head of one that is allowed. */
export const deed: Deed = {
  async attack(ops, { good }) {
    await ops.repository.setRef('refs/heads/twin', good.head);
    const number = await open(ops, 'twin');
    await runGate(ops);
    return outcome(ops, { ...good, number });
  },
  refused: /^failure: Refused: #\d+ has the same head as #\d+, which is older\. Close #\d+\. \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    return outcome(ops, good);
  },
  allowed: /^success: .* \| merged$/,
};
