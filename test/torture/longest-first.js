/** Roughly how long each file takes, in seconds; the table of `npm run torture` tells. Others count as short. */
const SECONDS = {
  'races/mixed': 110,
  'races/bumps': 100,
  'killed/cleanup-preview-env': 60,
  'hostile/inputs': 50,
  'killed/lift': 45,
  'scale/previews': 45,
  'scale/release': 45,
  'hostile/pages': 20,
  'hostile/trees': 25,
  'races/holds': 40,
  'killed/tag-release': 30,
  'killed/bump-ops-overlay': 30,
  'killed/create-preview-env': 25,
  'killed/onboard': 20,
  'killed/override': 20,
  'killed/rollback': 15,
  'privilege/missing': 30,
  'hostile/previews': 20,
  'hostile/settings': 15,
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
