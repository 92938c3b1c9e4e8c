import type { Deed } from '../support/evidence.js';

/** A release of the right branch that says it built something else. */
export const attack: Deed = {
  attack: async () => ({ record: { commit: 'e'.repeat(40) } }),
  refused: /recorded what was built of eeeeeeeeeeee, and is of/,
  honest: async () => ({}),
};
