import { approvedBy } from '../support/approved.js';
import { setState } from '../support/judged.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** It goes into a branch that has most of it already, is approved for the rest, and is turned to the default branch. */
export const attack: Attack = {
  attack: {
    files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' },
    async afterwards(ops, pull) {
      await ops.repository.setRef('refs/heads/side', pull.head);
      await setState(ops, pull.number, { base: 'side' });
      await approvedBy('grace')(ops, pull);
      await setState(ops, pull.number, { base: 'main' });
    },
  },
  refused: 'The approval of grace does not count: the pull request got another base after it',
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
