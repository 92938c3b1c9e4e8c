import { type Deed, leaveRecord, pushed, runRelease } from '../support/builds.js';

/** The Dockerfile is a link, and stays as it is; what it leads to is another file of the repository. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds);
    await pushed(builds.stage, builds.checkout, { 'build/Dockerfile': 'FROM scratch\nCOPY . /evil\n' });
    return (await runRelease(builds, '1.0.1')).outputs.images ?? '';
  },
  refused: /"reused":false/,
  async honest(builds) {
    await leaveRecord(builds);
    await pushed(builds.stage, builds.checkout, { 'README.md': 'More\n' });
    return (await runRelease(builds, '1.0.1')).outputs.images ?? '';
  },
  allowed: /"reused":true/,
};
