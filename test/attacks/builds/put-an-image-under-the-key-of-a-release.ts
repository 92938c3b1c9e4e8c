import { type Deed, leaveRun, putForeign, runRelease } from '../support/builds.js';

/** Whoever may push to the registry, such as any pull request, can work out the key of what will be released. */
export const deed: Deed = {
  async attack(builds) {
    const foreign = await putForeign(builds, builds.key);
    const { stdout, outputs } = await runRelease(builds, '1.0.1');
    return `${outputs.images} ${stdout.replaceAll(foreign, 'FOREIGN')}`;
  },
  refused:
    /^\[\] [\s\S]*::error::.*:content-[0-9a-f]{40} is FOREIGN, which no release of this branch has pushed, and the image of this content is sha256:[0-9a-f]{64}/,
  // A release that pushed and was killed before it recorded anything: the next one builds its own, and goes on.
  async honest(builds) {
    await leaveRun(builds, { conclusion: 'cancelled' });
    const { stdout, outputs } = await runRelease(builds, '1.0.1');
    return `${outputs.digest !== builds.digest} ${outputs.images} ${stdout}`;
  },
  allowed: /^true .*"reused":false[\s\S]* of a release that left no record of it: it is not taken/,
};
