import { approvedBy } from '../support/approved.js';
import { charts } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** A chart of production comes from another address, at the same version. */
export const attack: Attack = {
  attack: { files: { 'infrastructure/podinfo.yaml': charts('https://mallory.dev/charts') } },
  refused: /0 of 1 approval/,
  honest: {
    files: { 'infrastructure/podinfo.yaml': charts('https://mallory.dev/charts') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
