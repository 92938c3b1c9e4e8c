import { approvedBy } from '../support/approved.js';
import { RULES } from '../support/approvers.js';
import type { Attack } from '../support/proposals.js';

/** The pull request makes its author’s friend an approver, who approves it. */
export const attack: Attack = {
  attack: { files: { 'ostack.yaml': RULES.replace('grace', 'eve, grace') }, afterwards: approvedBy('eve') },
  refused: /0 of 1 approval/,
  honest: { files: { 'ostack.yaml': RULES.replace('grace', 'eve, grace') }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
