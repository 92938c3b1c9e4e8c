import { approvedBy } from '../support/approved.js';
import type { Attack } from '../support/proposals.js';

/** Who has to review is changed by whom it would stop. */
export const attack: Attack = {
  attack: { files: { '.github/CODEOWNERS': '* @mallory\n' } },
  refused: /0 of 1 approval/,
  honest: { files: { '.github/CODEOWNERS': '* @mallory\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
