import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** A version that is held moves, with an approval. */
export const attack: Attack = {
  attack: { files: { [at('production', 'mailer')]: overlay('0.5.0', 'mailer') }, afterwards: approvedBy('grace') },
  refused: 'is held at 0.4.0',
  honest: {
    files: { [at('production', 'mailer')]: overlay('0.4.0', 'mailer', 'namePrefix: a-\n') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
