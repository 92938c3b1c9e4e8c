import { approvedBy } from '../support/approved.js';
import { HOLDS, hold } from '../support/claimed.js';
import type { Attack } from '../support/proposals.js';

/** The file of holds can no longer be read, so that nobody knows of any. */
export const attack: Attack = {
  attack: { files: { [HOLDS]: '- {' }, afterwards: approvedBy('grace') },
  refused: /^failure: Refused by production: .*holds\.yaml/,
  honest: { files: { [HOLDS]: hold('mailer', '0.4.0') } },
  allowed: 'Allowed',
};
