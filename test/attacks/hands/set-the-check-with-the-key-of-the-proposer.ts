import type { Deed } from '../support/hands.js';
import { EVIL, forgeCheck, outcome, propose } from '../support/judged.js';

/** The proposer’s key lies in an apps repository. */
export const deed: Deed = {
  async attack(ops) {
    const evil = await propose(ops, EVIL);
    const status = await forgeCheck(ops, evil.head, ops.proposer);
    return `${status} ${await outcome(ops, evil)}`;
  },
  refused: /^403 none \| .*oStack \/ gate/s,
  async honest(ops, { good }) {
    return outcome(ops, good);
  },
  allowed: /^success: .* \| merged$/,
};
