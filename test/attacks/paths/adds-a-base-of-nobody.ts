import { approvedBy } from '../support/approved.js';
import type { Attack } from '../support/proposals.js';

/** A base in a path that nothing assigns, for an overlay to take in later. */
export const attack: Attack = {
  attack: { files: { 'bases/miner/kustomization.yaml': 'resources: []\n' } },
  refused: /0 of 1 approval/,
  honest: { files: { 'bases/miner/kustomization.yaml': 'resources: []\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
