import { type Deed, forged, leaveRecord, TAKEN, takes } from '../support/builds.js';

/** What the store gives is not what GitHub has the digest of. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds, { record: forged(builds), digest: '0'.repeat(64) });
    return takes(builds);
  },
  refused: /The artifact \d+ of acme\/apps was read as sha256:[0-9a-f]{64}, and GitHub says that it is sha256:0{64}/,
  async honest(builds) {
    await leaveRecord(builds);
    return takes(builds);
  },
  allowed: TAKEN,
};
