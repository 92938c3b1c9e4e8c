import { approvedBy } from '../support/approved.js';
import { ROLES } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The policy frees a path in the pull request that edits it. */
export const attack: Attack = {
  attack: { files: { 'ostack.yaml': `${ROLES}free: [tools/**]\n`, 'tools/apply.sh': 'rm -rf /\n' } },
  refused: /0 of 1 approval/,
  honest: {
    files: { 'ostack.yaml': `${ROLES}free: [tools/**]\n`, 'tools/apply.sh': 'rm -rf /\n' },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
