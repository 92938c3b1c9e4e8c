import { approvedBy } from '../support/approved.js';
import type { Attack } from '../support/proposals.js';

/** Values of production change in a file of no environment, which an Application names. */
export const attack: Attack = {
  attack: { files: { 'values/podinfo.yaml': 'replicaCount: 0\n' } },
  refused: /0 of 1 approval/,
  honest: { files: { 'values/podinfo.yaml': 'replicaCount: 0\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
