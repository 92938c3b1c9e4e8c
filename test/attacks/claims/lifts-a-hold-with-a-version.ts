import { approvedBy } from '../support/approved.js';
import { HOLDS } from '../support/claimed.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** A hold goes in the pull request that changes the version which it held. */
export const attack: Attack = {
  attack: {
    files: { [HOLDS]: '[]\n', [at('production', 'mailer')]: overlay('0.5.0', 'mailer') },
    afterwards: approvedBy('grace'),
  },
  refused: 'lift the hold in a pull request of its own',
  honest: { files: { [HOLDS]: '[]\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
