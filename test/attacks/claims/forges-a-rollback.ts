import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Trailers call a version a rollback that production never had. */
export const attack: Attack = {
  attack: {
    files: { [at('production')]: overlay('1.5.0') },
    message: `chore: shop\n\nOstack-Action: rollback\nOstack-Environment: production\nOstack-App: shop\nOstack-Version: 1.5.0`,
    afterwards: approvedBy('grace'),
  },
  refused: /^failure: Not yet, until \S+: production: shop 1\.5\.0 is in staging since/,
  honest: { files: { [at('production')]: overlay('1.3.0') }, afterwards: approvedBy('grace') },
  allowed: 'a rollback; approved by grace',
};
