import { approvedBy } from '../support/approved.js';
import { OPS, rest, review } from '../support/guarded.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The approval is dismissed. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, { number }) {
      const id = await review(ops, number, 'grace');
      const path = `/repos/${OPS}/pulls/${number}/reviews/${id}/dismissals`;
      await rest(ops.stage, `PUT ${path}`, { message: 'x' }, ops.person('grace'));
    },
  },
  refused: /0 of 1 approval/,
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
