import type { Deed } from '../support/evidence.js';

/** A pull request that names no run. */
export const attack: Deed = {
  attack: async () => ({ text: 'Trust me.' }),
  refused: /nothing names the run that did: write its address/,
  honest: async () => ({ text: 'Built by [this run]({run}).' }),
};
