import { application } from '../support/argocd.js';
import type { Attack } from '../support/proposals.js';

/** The Application of staging is sent to the cluster of production. */
export const attack: Attack = {
  attack: { files: { 'argocd/shop-staging.yaml': application('staging', { cluster: 'production' }) } },
  refused: /production: .*0 of 1 approval|comes into production/,
  honest: { files: { 'argocd/shop-staging.yaml': `${application('staging')}  revisionHistoryLimit: 3\n` } },
  allowed: 'staging: No version changes.',
};
