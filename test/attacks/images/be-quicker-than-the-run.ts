import type { Deed } from '../support/evidence.js';

/** A run that is not over, or that is made again. */
export const attack: Deed = {
  attack: async () => ({ run: { status: 'in_progress', conclusion: null, attempt: 2 } }),
  refused: /^waiting: .*is not over yet/,
  honest: async () => ({}),
};
