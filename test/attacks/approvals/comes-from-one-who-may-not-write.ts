import { approvedBy } from '../support/approved.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Somebody took the login of an approver that became free, and may read the repository as anybody may. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, pull) {
      ops.repository.role('ivan', 'read');
      await approvedBy('ivan')(ops, pull);
    },
  },
  refused: 'The approval of ivan does not count: they may not write to this repository',
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('heidi') },
  allowed: 'approved by heidi',
};
