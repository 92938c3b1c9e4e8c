import type { Deed } from '../support/hands.js';
import { EVIL, GOOD } from '../support/judged.js';
import { push } from '../support/push.js';

/** It opens pull requests, and pushes to their branches. */
export const deed: Deed = {
  async attack(ops) {
    return String((await push(ops, { token: ops.proposer, to: 'refs/heads/main', files: EVIL })).refusal);
  },
  refused: /rule|protected|pull request/i,
  async honest(ops) {
    return String((await push(ops, { token: ops.proposer, to: 'refs/heads/topic', files: GOOD })).refusal);
  },
  allowed: 'undefined',
};
