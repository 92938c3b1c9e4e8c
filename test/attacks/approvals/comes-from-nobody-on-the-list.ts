import { approvedBy } from '../support/approved.js';
import { at } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

/** Somebody approves who is no approver. */
export const attack: Attack = {
  attack: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('eve') },
  refused: /0 of 1 approval: waits for grace or heidi/,
  honest: { files: { [at('production', 'shop', 'extra.yaml')]: 'a: 1\n' }, afterwards: approvedBy('grace') },
  allowed: 'approved by',
};
