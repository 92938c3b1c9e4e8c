import { approvedBy } from '../support/approved.js';
import { values } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** Values of a release of production change, in a ConfigMap beside it. */
export const attack: Attack = {
  attack: { files: { 'infrastructure/values.yaml': values('replicaCount: 0') } },
  refused: /0 of 1 approval/,
  honest: { files: { 'infrastructure/values.yaml': values('replicaCount: 0') }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
