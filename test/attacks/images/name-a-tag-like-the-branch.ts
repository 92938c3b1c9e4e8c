import { type Deed, WORKFLOW } from '../support/evidence.js';

/** A tag that is called as the release branch is, on a commit of one's own with a workflow of one's own. */
export const attack: Deed = {
  attack: async ({ apps }) => ({
    run: { headBranch: 'main', headSha: await apps.commit('topic', { [WORKFLOW]: 'on: push\n' }, 'feat: evil') },
  }),
  refused: /which is not in main of acme\/apps/,
  honest: async ({ head }) => ({ run: { headBranch: 'v1.4.0', headSha: head } }),
};
