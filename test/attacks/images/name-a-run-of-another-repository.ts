import type { Deed } from '../support/evidence.js';

/** The address of a run somewhere else. */
export const attack: Deed = {
  attack: async () => ({ repository: 'mallory/apps' }),
  refused: /nothing names the run that did/,
  honest: async () => ({ text: 'Ostack-Run: {run}\nOstack-Run: https://github.com/mallory/apps/actions/runs/9' }),
};
