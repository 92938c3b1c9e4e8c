import { approvedBy } from '../support/approved.js';
import { source } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** What production deploys comes from another branch, which no rule guards. */
export const attack: Attack = {
  attack: { files: { 'infrastructure/ops.yaml': source('{ branch: mallory }') } },
  refused: /0 of 1 approval|another branch|no exact version/,
  honest: {
    files: { 'infrastructure/ops.yaml': source('{ branch: main }').replace('1m', '2m') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
