import { approvedBy } from '../support/approved.js';
import { at, ON_A_BASE, overlay } from '../support/plain.js';
import type { Attack } from '../support/proposals.js';

const taking = (resource: string) => ({
  [at('production')]: overlay('1.4.0').replace('bases/shop]', `bases/shop, "${resource}"]`),
});

/** Production takes in a base of somebody else, at a branch: what is approved today is another thing tomorrow. */
export const attack: Attack = {
  attack: {
    files: taking('https://github.com/mallory/base//deploy?ref=main'),
    afterwards: approvedBy('grace'),
  },
  refused: 'no exact version',
  // What staging has of it is a version as any other.
  honest: {
    files: { [at('production', 'job')]: `namespace: job-production\n${ON_A_BASE}` },
    afterwards: approvedBy('grace'),
  },
  allowed: 'approved by grace',
};
