import { approvedBy } from '../support/approved.js';
import { application } from '../support/argocd.js';
import type { Attack } from '../support/proposals.js';

/** A new Application puts another repository on the cluster of production. */
export const attack: Attack = {
  attack: {
    files: {
      'argocd/extra.yaml': application('staging', {
        name: 'extra',
        cluster: 'production',
        url: 'https://github.com/mallory/x',
        path: 'x',
        revision: 'a'.repeat(40),
      }),
    },
  },
  refused: /no app has it/,
  honest: {
    files: {
      'argocd/extra.yaml': application('production', { name: 'extra' }),
    },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
