import type { Deed } from '../support/evidence.js';

/** A run of which a test failed after the build. */
export const attack: Deed = {
  attack: async () => ({ run: { conclusion: 'failure' } }),
  refused: /ended as failure, expected success/,
  honest: async () => ({ run: { attempt: 2 } }),
};
