import { approvedBy } from '../support/approved.js';
import { at, overlay } from '../support/plain.js';
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
  // At a commit it is a version like any other, and comes into staging first.
  honest: {
    files: {
      [at('staging')]: overlay('1.5.0').replace(
        'bases/shop]',
        `bases/shop, "https://github.com/acme/base//deploy?ref=${'a'.repeat(40)}"]`,
      ),
    },
    afterwards: approvedBy('grace'),
  },
  allowed: /^success: /,
};
