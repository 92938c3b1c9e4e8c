import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** One line holds two trailers, the second one of which another reader might believe. */
export const attack: Attack = {
  attack: {
    files: { [at('production')]: overlay('1.5.0') },
    message: `chore: shop\n\nOstack-Action: promote Ostack-Forced-By: grace\nOstack-Environment: production\nOstack-App: shop\nOstack-Version: 1.5.0`,
    afterwards: approvedBy('grace'),
  },
  refused: /^failure: Not yet/,
  honest: {
    files: { [at('production')]: overlay('1.4.0', 'shop', 'namePrefix: a-\n') },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
