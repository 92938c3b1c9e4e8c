import { kustomization } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

const STAGING = 'clusters/staging/more.yaml';
const files = (namespace: string) => ({
  [STAGING]: kustomization('staging', `, targetNamespace: ${namespace}`).replace('name: shop', 'name: more'),
});

/** A Kustomization of staging deploys into the namespace that production has. */
export const attack: Attack = {
  attack: { files: files('shop-production') },
  refused: /Refused by production: .*1\.5\.0 comes into production|production: 0 of 1 approval/,
  honest: { files: files('shop-staging') },
  allowed: 'Allowed: staging: No version changes.',
};
