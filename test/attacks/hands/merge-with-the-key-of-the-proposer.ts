import { merge } from '../support/guarded.js';
import type { Deed } from '../support/hands.js';

/** The proposer is on no bypass list. */
export const deed: Deed = {
  async attack(ops, { evil }) {
    return merge(ops, evil.number, ops.proposer);
  },
  refused: 'oStack / gate',
  async honest(ops, { good }) {
    return merge(ops, good.number, ops.proposer);
  },
  allowed: 'merged',
};
