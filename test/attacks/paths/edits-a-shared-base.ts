import { approvedBy } from '../support/approved.js';
import type { Attack } from '../support/proposals.js';

/** A base that production takes in, edited as if it were of staging. */
export const attack: Attack = {
  attack: { files: { 'bases/shop/kustomization.yaml': 'resources: [deployment.yaml]\nnamePrefix: x-\n' } },
  refused: /0 of 1 approval/,
  honest: {
    files: { 'bases/shop/kustomization.yaml': 'resources: [deployment.yaml]\nnamePrefix: x-\n' },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
