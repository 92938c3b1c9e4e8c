import { approvedBy } from '../support/approved.js';
import { review } from '../support/guarded.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** An approver says something, and approves nothing. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, { number }) {
      await review(ops, number, 'grace', 'COMMENT');
    },
  },
  refused: /0 of 1 approval/,
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
