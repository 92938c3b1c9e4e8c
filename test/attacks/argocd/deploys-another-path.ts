import { approvedBy } from '../support/approved.js';
import { application, PRODUCTION } from '../support/argocd.js';
import type { Attack } from '../support/proposals.js';

/** The Application of production deploys the folder of staging. */
export const attack: Attack = {
  attack: { files: { [PRODUCTION]: application('production', { path: 'overlays/staging/shop' }) } },
  refused: /comes into production|0 of 1 approval/,
  honest: {
    files: { [PRODUCTION]: `${application('production')}  revisionHistoryLimit: 3\n` },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
