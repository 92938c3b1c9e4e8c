import { type Deed, forged, leaveRecord, TAKEN, takes } from '../support/builds.js';

/** Another job of the same run leaves an artifact of the same name. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds);
    await leaveRecord(builds, { record: forged(builds) });
    return takes(builds);
  },
  refused: 'run 7 has several artifacts ostack-images',
  async honest(builds) {
    await leaveRecord(builds, { run: { id: 6 }, record: forged(builds) });
    await leaveRecord(builds);
    return takes(builds);
  },
  allowed: TAKEN,
};
