import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Something else goes to production in the pull request of a rollback, which nobody else has to approve. */
export const attack: Attack = {
  attack: {
    files: { [at('production')]: overlay('1.3.0'), [at('production', 'mailer')]: overlay('0.5.0', 'mailer') },
    afterwards: approvedBy('grace'),
  },
  refused: /mailer/,
  honest: { files: { [at('production')]: overlay('1.3.0') }, afterwards: approvedBy('grace') },
  allowed: 'a rollback; approved by grace',
};
