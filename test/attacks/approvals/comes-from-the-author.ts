import { approvedBy } from '../support/approved.js';
import { OPS, rest } from '../support/guarded.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** An approver opens it and approves it: GitHub takes no such review. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    by: 'grace',
    async afterwards(ops, { number }) {
      await rest(
        ops.stage,
        `POST /repos/${OPS}/pulls/${number}/reviews`,
        { event: 'APPROVE', body: 'x' },
        ops.person('grace'),
      );
    },
  },
  refused: /0 of 1 approval/,
  honest: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    by: 'grace',
    afterwards: approvedBy('heidi'),
  },
  allowed: 'approved by',
};
