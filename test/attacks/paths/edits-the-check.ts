import { approvedBy } from '../support/approved.js';
import type { Attack } from '../support/proposals.js';

/** The check of pull requests is edited in the pull request. */
export const attack: Attack = {
  attack: {
    files: {
      '.github/workflows/ops-check.yml':
        'name: Ops check\non: pull_request\njobs: { check: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n',
    },
  },
  refused: /0 of 1 approval/,
  honest: {
    files: {
      '.github/workflows/ops-check.yml':
        'name: Ops check\non: pull_request\njobs: { check: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }\n',
    },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
