import { type Deed, forged, leaveRecord, runRelease } from '../support/builds.js';
import { NOW } from '../support/records.js';

/** A job of the run leaves the record before the build does. What an attempt takes is of an earlier one, and no attempt comes before the first. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds, { run: { id: NOW, status: 'in_progress', conclusion: null }, record: forged(builds) });
    const { outputs, stdout } = await runRelease(builds, '1.0.0', { GITHUB_RUN_ATTEMPT: '1' });
    return `${outputs.images} ${stdout}`;
  },
  refused: /"reused":false[\s\S]*Nothing is reused/,
  // "Re-run failed jobs": what the first attempt delivered of this app stays, though another one failed.
  async honest(builds) {
    await leaveRecord(builds, { run: { id: NOW, status: 'in_progress', conclusion: null, attempt: 2 } });
    const { outputs } = await runRelease(builds, '1.0.0', { GITHUB_RUN_ATTEMPT: '2' });
    return `${outputs.digest === builds.digest} ${outputs.images}`;
  },
  allowed: /^true .*"reused":true/,
};
