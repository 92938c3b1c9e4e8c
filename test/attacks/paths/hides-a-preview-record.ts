import { approvedBy } from '../support/approved.js';
import type { Attack } from '../support/proposals.js';

/** A record of a preview is written by hand. */
export const attack: Attack = {
  attack: { files: { '.ostack/previews/x.yaml': 'a: 1\n' } },
  refused: /0 of 1 approval/,
  honest: { files: { '.ostack/previews/x.yaml': 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
