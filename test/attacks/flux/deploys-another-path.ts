import { approvedBy } from '../support/approved.js';
import { kustomization, PRODUCTION } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** Production is to deploy the folder of staging, whose version it has not had. */
export const attack: Attack = {
  attack: { files: { [PRODUCTION]: kustomization('production', '', './overlays/staging/shop') } },
  refused: 'ghcr.io/acme/shop:1.5.0 comes into production, and no app has it',
  honest: { files: { [PRODUCTION]: kustomization('production', ', timeout: 2m') }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
