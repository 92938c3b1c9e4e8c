import { approvedBy } from '../support/approved.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';
import { push } from '../support/push.js';

/** An approver pushes to the branch of somebody else and approves that. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, pull) {
      const to = `refs/heads/${pull.branch}`;
      await push(ops, {
        token: ops.person('grace'),
        from: pull.branch,
        to,
        files: { [at('production', 'shop', 'extra.yaml')]: 'a: 2\n' },
      });
      await approvedBy('grace')(ops, pull);
    },
  },
  refused: 'The approval of grace does not count: they pushed to its branch',
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('heidi') },
  allowed: 'approved by',
};
