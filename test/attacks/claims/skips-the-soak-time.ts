import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** A version goes on before it has been in staging for long enough. */
export const attack: Attack = {
  attack: { files: { [at('production')]: overlay('1.5.0') }, afterwards: approvedBy('grace') },
  refused: /^failure: Not yet, until \S+/,
  honest: { files: { [at('staging')]: overlay('1.6.0') } },
  allowed: 'Takes shop 1.6.0',
};
