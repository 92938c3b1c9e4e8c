import { type Deed, WORKFLOW } from '../support/evidence.js';

/** A workflow that only tests. */
export const attack: Deed = {
  attack: async () => ({ run: { file: '.github/workflows/test.yml' } }),
  refused: /is of the workflow \.github\/workflows\/test\.yml, expected/,
  honest: async () => ({ run: { file: `${WORKFLOW}@refs/heads/main` } }),
};
