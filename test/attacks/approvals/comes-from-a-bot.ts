import { approvedBy } from '../support/approved.js';
import { review } from '../support/guarded.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** A bot approves, the proposer, whose key lies in an apps repository. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, { number }) {
      await review(ops, number, '', 'APPROVE', ops.proposer);
    },
  },
  refused: /0 of 1 approval/,
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
