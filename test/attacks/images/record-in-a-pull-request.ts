import type { Deed } from '../support/evidence.js';

/** A pull request whose files are its author's. */
export const attack: Deed = {
  attack: async () => ({ run: { event: 'pull_request' } }),
  refused: /was started by pull_request/,
  honest: async () => ({ run: { event: 'workflow_dispatch' } }),
};
