import { type Deed, forged, leaveRecord, TAKEN, takes } from '../support/builds.js';

/** A workflow that builds something else leaves an artifact of the same name. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds, { run: { file: '.github/workflows/experiment.yml' }, record: forged(builds) });
    return takes(builds);
  },
  refused: 'run 7 is of the workflow .github/workflows/experiment.yml',
  async honest(builds) {
    await leaveRecord(builds, { run: { event: 'workflow_dispatch' } });
    return takes(builds);
  },
  allowed: TAKEN,
};
