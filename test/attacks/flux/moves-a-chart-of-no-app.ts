import { approvedBy } from '../support/approved.js';
import { release } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** A chart that no app of the policy has gets another version. */
export const attack: Attack = {
  attack: { files: { 'clusters/production/podinfo.yaml': release('6.6.0') } },
  refused: 'chart podinfo 6.6.0 comes into production, and no app has it',
  honest: {
    files: { 'clusters/production/podinfo.yaml': release('6.5.0', ', timeout: 2m') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
