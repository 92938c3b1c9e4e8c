import { approvedBy } from '../support/approved.js';
import { application, PRODUCTION } from '../support/argocd.js';
import type { Attack } from '../support/proposals.js';

/** The Application of production follows a branch that no rule guards. */
export const attack: Attack = {
  attack: { files: { [PRODUCTION]: application('production', { revision: 'mallory' }) } },
  refused: /at mallory, which anybody with write access makes/,
  honest: {
    files: { [PRODUCTION]: `${application('production')}  revisionHistoryLimit: 3\n` },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
