import { approvedBy } from '../support/approved.js';
import { ROLES } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Previews are to run in production, with the settings of its cluster. */
export const attack: Attack = {
  attack: { files: { 'ostack.yaml': `${ROLES}previews: { host: production }\n` } },
  refused: /0 of 1 approval/,
  honest: { files: { 'ostack.yaml': `${ROLES}previews: { host: staging }\n` }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
