import type { Deed } from '../support/evidence.js';

/** The right workflow on a branch of one's own. */
export const attack: Deed = {
  attack: async ({ apps }) => ({
    run: { headBranch: 'topic', headSha: await apps.commit('topic', { x: 'x\n' }, 'feat: evil') },
  }),
  refused: /which is not in main of acme\/apps/,
  honest: async () => ({}),
};
