import { approvedBy } from '../support/approved.js';
import { HOLDS } from '../support/claimed.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The file of holds is deleted beside a version. */
export const attack: Attack = {
  attack: {
    files: { [HOLDS]: null, [at('production', 'mailer')]: overlay('0.5.0', 'mailer') },
    afterwards: approvedBy('grace'),
  },
  refused: 'lift the hold in a pull request of its own',
  honest: { files: { [HOLDS]: null }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
