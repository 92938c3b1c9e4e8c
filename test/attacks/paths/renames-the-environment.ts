import { approvedBy } from '../support/approved.js';
import { ROLES } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** The policy calls production something else, so that no rule would be for it. */
export const attack: Attack = {
  attack: {
    files: { 'ostack.yaml': ROLES.replace('production:', 'live:'), 'overlays/production/shop/extra.yaml': 'a: 1\n' },
  },
  refused: /^failure: .*production/s,
  honest: { files: { 'ostack.yaml': ROLES.replace('[grace]', '[grace, heidi]') }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
