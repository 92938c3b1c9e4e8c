import { type Deed, forged, leaveRecord, pushed, TAKEN, takes } from '../support/builds.js';

/** A run of a tag `main` says that its branch is `main`, and has a commit and a workflow of its author's own. */
export const deed: Deed = {
  async attack(builds) {
    const own = await builds.apps.commit('evil', { 'apps/shop/src/page': 'evil\n' }, 'feat: evil');
    await leaveRecord(builds, { run: { headBranch: 'main', headSha: own }, record: forged(builds) });
    return takes(builds);
  },
  refused: /run 7 is of the commit [0-9a-f]{12}, which this one does not come after/,
  async honest(builds) {
    await leaveRecord(builds);
    const next = await pushed(builds.stage, builds.checkout, { 'README.md': 'More\n' });
    return takes(builds, next);
  },
  allowed: TAKEN,
};
