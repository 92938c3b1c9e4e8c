import { type Deed, forged, leaveRecord, TAKEN, takes } from '../support/builds.js';

/** A push to a branch of one's own runs the same workflow, with code that nobody has reviewed. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds, { run: { headBranch: 'evil' }, record: forged(builds) });
    return takes(builds);
  },
  refused: 'Nothing is reused: no release of main before this one has left a record',
  async honest(builds) {
    await leaveRecord(builds);
    return takes(builds);
  },
  allowed: TAKEN,
};
