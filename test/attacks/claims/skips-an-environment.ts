import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** A version goes to production that staging never had. */
export const attack: Attack = {
  attack: { files: { [at('production')]: overlay('1.6.0') }, afterwards: approvedBy('grace') },
  refused: 'Bring it to staging first',
  honest: { files: { [at('staging')]: overlay('1.6.1') } },
  allowed: 'Takes shop 1.6.1',
};
