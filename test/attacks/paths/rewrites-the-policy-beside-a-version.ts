import { approvedBy } from '../support/approved.js';
import { at, overlay, ROLES } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The same pull request drops the rule and takes what the rule would refuse. */
export const attack: Attack = {
  attack: {
    files: {
      'ostack.yaml': ROLES.replace('after: staging, approvers: [grace]', ''),
      [at('production')]: overlay('6.6.6'),
    },
  },
  refused: 'production takes shop 6.6.6 only once',
  honest: { files: { 'ostack.yaml': ROLES.replace('after: staging, ', '') }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
