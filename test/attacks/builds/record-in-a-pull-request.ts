import { type Deed, forged, leaveRecord, TAKEN, takes } from '../support/builds.js';

/** A pull request whose branch is called like the release branch, of this repository or of a fork. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds, { run: { event: 'pull_request' }, record: forged(builds) });
    await builds.stage.github.fork('acme/apps', 'mallory/apps');
    await leaveRecord(builds, { run: { id: 8, headRepository: 'mallory/apps' }, record: forged(builds) });
    return takes(builds);
  },
  refused: /run 8 is of mallory\/apps; run 7 was started by pull_request/,
  async honest(builds) {
    await leaveRecord(builds);
    return takes(builds);
  },
  allowed: TAKEN,
};
