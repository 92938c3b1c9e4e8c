import type { Deed } from '../support/evidence.js';

/** A second artifact of the same name. */
export const attack: Deed = {
  attack: async () => ({ artifacts: 2 }),
  refused: /has several artifacts ostack-images/,
  honest: async () => ({ artifacts: 1 }),
};
