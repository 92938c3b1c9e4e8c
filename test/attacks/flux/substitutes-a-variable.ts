import { approvedBy } from '../support/approved.js';
import { variables } from '../support/flux.js';
import type { Attack } from '../support/proposals.js';

/** A variable that production is filled in with changes, in a file of no environment. */
export const attack: Attack = {
  attack: { files: { 'infrastructure/vars.yaml': variables('{ LEVEL: debug }') } },
  refused: /0 of 1 approval/,
  honest: { files: { 'infrastructure/vars.yaml': variables('{ LEVEL: debug }') }, afterwards: approvedBy('grace') },
  allowed: 'approved by grace',
};
