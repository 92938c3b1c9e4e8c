import { type Deed, leaveRecord, putForeign, runRelease } from '../support/builds.js';

/** The tag under which a release left its image is given to another one. */
export const deed: Deed = {
  async attack(builds) {
    await leaveRecord(builds);
    const foreign = await putForeign(builds, builds.key);
    const { stdout, outputs } = await runRelease(builds, '1.0.1');
    return `${outputs.images} ${stdout.replaceAll(foreign, 'FOREIGN').replaceAll(builds.digest, 'OURS')}`;
  },
  refused:
    /^\[\] [\s\S]*::error::.*:content-[0-9a-f]{40} is FOREIGN, and the release that built this content recorded OURS/,
  async honest(builds) {
    await leaveRecord(builds);
    return (await runRelease(builds, '1.0.1')).outputs.images ?? '';
  },
  allowed: /"reused":true/,
};
