import type { Deed } from '../support/evidence.js';

/** A check run that says what the gate has proven before, when the record of the run is gone. */
export const attack: Deed = {
  attack: async () => ({ artifacts: 0, keptBy: 'somebody' }),
  refused: /has no artifact ostack-images/,
  honest: async () => ({ artifacts: 0, keptBy: 'ostack-ops' }),
};
