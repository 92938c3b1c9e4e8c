import type { Deed } from '../support/evidence.js';

/** A run without its record. */
export const attack: Deed = {
  attack: async () => ({ artifacts: 0 }),
  refused: /has no artifact ostack-images/,
  honest: async () => ({}),
};
