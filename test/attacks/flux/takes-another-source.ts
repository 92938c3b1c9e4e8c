import { approvedBy } from '../support/approved.js';
import { source } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** What production deploys comes from a repository that mallory owns. */
export const attack: Attack = {
  attack: { files: { 'infrastructure/ops.yaml': source('{ branch: main }', 'https://github.com/mallory/ops') } },
  refused: 'no exact version',
  honest: {
    files: { 'infrastructure/ops.yaml': source('{ branch: main }').replace('1m', '2m') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
