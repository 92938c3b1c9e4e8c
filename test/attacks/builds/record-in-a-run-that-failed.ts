import { type Deed, forged, leaveRecord, TAKEN, takes } from '../support/builds.js';

/** A run that failed, or has not ended, says nothing: neither does an earlier attempt that went well. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds, { run: { conclusion: 'failure' }, record: forged(builds) });
    await leaveRecord(builds, { run: { id: 8, status: 'in_progress', conclusion: null }, record: forged(builds) });
    return takes(builds);
  },
  refused: /run 8 ended as in_progress; run 7 ended as failure/,
  async honest(builds) {
    await leaveRecord(builds);
    await leaveRecord(builds, { run: { id: 8, conclusion: 'failure' }, record: forged(builds) });
    return takes(builds);
  },
  allowed: TAKEN,
};
