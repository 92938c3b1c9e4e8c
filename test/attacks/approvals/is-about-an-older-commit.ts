import { approvedBy } from '../support/approved.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';
import { push } from '../support/push.js';

/** Something is pushed after the approval. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, pull) {
      await approvedBy('grace')(ops, pull);
      const to = `refs/heads/${pull.branch}`;
      await push(ops, {
        token: ops.person('mallory'),
        from: pull.branch,
        to,
        files: { [at('production', 'shop', 'extra.yaml')]: 'a: 2\n' },
      });
    },
  },
  refused: 'The approval of grace does not count: it is about an older commit',
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
