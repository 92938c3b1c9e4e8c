import { approvedBy } from '../support/approved.js';
import { application } from '../support/argocd.js';
import type { Attack } from '../support/proposals.js';

const files = {
  'argocd/shop-staging.yaml': application('staging').replace(
    'name: staging, namespace',
    'server: https://large.example, namespace',
  ),
};

/** The Application of staging goes to the cluster of production, which it calls by its address instead of its name. */
export const attack: Attack = {
  attack: { files },
  refused: 'production: 0 of 1 approval',
  honest: { files, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
