import { approvedBy } from '../support/approved.js';
import { review } from '../support/guarded.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The approver asks for changes after all. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, { number }) {
      await review(ops, number, 'grace');
      await review(ops, number, 'grace', 'REQUEST_CHANGES');
    },
  },
  refused: 'grace requested changes',
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
