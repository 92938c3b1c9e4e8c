import type { Deed } from '../support/hands.js';
import { EVIL, GOOD } from '../support/judged.js';
import { push } from '../support/push.js';

/** Whoever may write pushes without a pull request. */
export const deed: Deed = {
  async attack(ops) {
    return String((await push(ops, { token: ops.person('mallory'), to: 'refs/heads/main', files: EVIL })).refusal);
  },
  refused: /rule|protected|pull request/i,
  async honest(ops) {
    return String((await push(ops, { token: ops.person('mallory'), to: 'refs/heads/topic', files: GOOD })).refusal);
  },
  allowed: 'undefined',
};
