import { type Deed, leaveRecord, putForeign, runRelease } from '../support/builds.js';

/** Whoever may push to the registry, such as any pull request, can work out the key of what will be released. */
export const deed: Deed = {
  async attack(builds) {
    const foreign = await putForeign(builds, builds.key);
    const { stdout, outputs } = await runRelease(builds, '1.0.1');
    return outputs.digest === foreign ? 'taken' : `${stdout}${outputs.images}`;
  },
  refused: /no release of main before this one has left a record[\s\S]*"reused":false/,
  async honest(builds) {
    await leaveRecord(builds);
    const { outputs } = await runRelease(builds, '1.0.1');
    return `${outputs.digest === builds.digest} ${outputs.images}`;
  },
  allowed: /^true .*"reused":true/,
};
