import { approvedBy } from '../support/approved.js';
import { source } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** What production deploys comes from another branch, which no rule guards. */
export const attack: Attack = {
  attack: { files: { 'infrastructure/ops.yaml': source('{ branch: mallory }') }, afterwards: approvedBy('grace') },
  refused: /at mallory, which anybody with write access makes/,
  honest: {
    files: { 'infrastructure/ops.yaml': source('{ branch: main }').replace('1m', '2m') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
