import type { Deed } from '../support/evidence.js';

/** A fork's run. */
export const attack: Deed = {
  attack: async ({ stage }) => {
    await stage.github.createRepository('mallory/apps', { files: { a: 'a' } });
    return { run: { headRepository: 'mallory/apps' } };
  },
  refused: /is of mallory\/apps, expected acme\/apps/,
  honest: async () => ({ rule: { from: 'Acme/Apps' } }),
};
