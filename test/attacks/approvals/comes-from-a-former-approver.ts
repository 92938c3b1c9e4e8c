import { approvedBy } from '../support/approved.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Somebody approves who was an approver in an earlier policy. */
export const attack: Attack = {
  attack: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('frank') },
  refused: /0 of 1 approval/,
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
