/** Roughly how long each file takes, in seconds; the table of `npm run torture` tells. Others count as short. */
const SECONDS = {
  'races/mixed': 130,
  'races/bumps': 130,
  'killed/cleanup-preview-env': 110,
  'hostile/inputs': 60,
  'killed/tag-release': 50,
  'scale/previews': 50,
  'killed/create-preview-env': 45,
  'killed/lift': 45,
  'privilege/missing': 40,
  'hostile/previews': 30,
  'killed/bump-ops-overlay': 25,
  'killed/onboard': 25,
  'killed/rollback': 25,
};

/** Runs the longest test files first, so that all workers end at about the same time: https://jestjs.io/docs/configuration#testsequencer-string */
export default class LongestFirst {
  sort(tests) {
    return [...tests].sort((one, other) => secondsOf(other.path) - secondsOf(one.path));
  }

  allFailedTests(tests) {
    return tests;
  }

  shard(tests) {
    return tests;
  }

  cacheResults() {
    // What a run took on a busy machine says little about the next.
  }
}

function secondsOf(path) {
  const found = Object.entries(SECONDS).find(([name]) => path.endsWith(`${name}.test.ts`));
  return found === undefined ? 0 : found[1];
}
