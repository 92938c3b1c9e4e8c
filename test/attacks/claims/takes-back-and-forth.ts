import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Production goes back to a version and the next commit brings a new one under the same claim. */
export const attack: Attack = {
  attack: {
    files: { [at('production')]: overlay('1.6.0') },
    message: `chore: shop\n\nOstack-Action: rollback\nOstack-Environment: production\nOstack-App: shop\nOstack-Version: 1.3.0`,
    afterwards: approvedBy('grace'),
  },
  refused: 'only once it is in staging',
  honest: { files: { [at('production')]: overlay('1.3.0') }, afterwards: approvedBy('grace') },
  allowed: 'a rollback; approved by grace',
};
