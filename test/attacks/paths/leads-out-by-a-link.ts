import { approvedBy } from '../support/approved.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';
import { push } from '../support/push.js';

const EXTRA = at('production', 'shop', 'extra.yaml');

/** A link in the folder of production to a file that staging may change at any time. */
export const attack: Attack = {
  attack: {
    files: { 'docs/a.md': 'x\n' },
    async afterwards(ops, { branch, ...pull }) {
      const links = { [EXTRA]: '../../staging/shop/kustomization.yaml' };
      const token = ops.person('mallory');
      const { head } = await push(ops, { token, from: branch, to: `refs/heads/${branch}`, links });
      await approvedBy('grace')(ops, { ...pull, branch, head });
    },
  },
  refused: 'is a symbolic link',
  honest: { files: { [EXTRA]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
