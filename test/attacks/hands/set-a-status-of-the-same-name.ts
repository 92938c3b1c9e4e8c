import { GATE, OPS, rest } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';
import { EVIL, outcome, propose } from '../support/judged.js';

/** Whoever may write may set any commit status: the ruleset asks for a check of the ops App. */
export const deed: Deed = {
  async attack(ops) {
    const evil = await propose(ops, EVIL);
    await rest(
      ops.stage,
      `POST /repos/${OPS}/statuses/${evil.head}`,
      { state: 'success', context: GATE },
      ops.person('mallory'),
    );
    return outcome(ops, evil);
  },
  refused: /^none \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    return outcome(ops, good);
  },
  allowed: /^success: .* \| merged$/,
};
