import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Trailers say that staging had a version that its files never had. */
export const attack: Attack = {
  attack: {
    files: { [at('production')]: overlay('6.6.6') },
    message: `chore: shop\n\nOstack-Action: promote\nOstack-Environment: production\nOstack-App: shop\nOstack-Version: 6.6.6\nOstack-From: staging`,
    afterwards: approvedBy('grace'),
  },
  refused: 'production takes shop 6.6.6 only once it is in staging',
  honest: { files: { [at('production')]: overlay('1.3.0') }, afterwards: approvedBy('grace') },
  allowed: 'a rollback; approved by grace',
};
