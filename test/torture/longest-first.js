import FreshFirst from '../support/fresh-first.js';

/** Roughly how long each file takes, in seconds; the table of `npm run torture` tells. Others count as short. */
const SECONDS = {
  'races/mixed': 95,
  'killed/cleanup-preview-env': 125,
  'races/bumps': 115,
  'hostile/inputs': 80,
  'scale/previews': 80,
  'killed/lift': 55,
  'privilege/missing': 55,
  'scale/release': 55,
  'killed/tag-release': 55,
  'hostile/hosts': 50,
  'killed/rollback': 45,
  'killed/create-preview-env': 40,
  'hostile/settings': 38,
  'hostile/previews': 37,
  'killed/bump-ops-overlay': 34,
  'killed/lift-hold': 31,
  'killed/apply-infra': 300,
  'races/applies': 120,
  'races/hashes': 60,
  'killed/drift-infra': 60,
  'killed/plan-infra': 60,
  'killed/onboard': 30,
  'killed/override': 25,
  'killed/promote': 23,
  'races/holds': 23,
  'hostile/pages': 21,
  'races/tag-release': 20,
  'hostile/trees': 15,
};

/** Runs the longest test files first, so that all workers end at about the same time: https://jestjs.io/docs/configuration#testsequencer-string */
export default class LongestFirst extends FreshFirst {
  async sort(tests) {
    return (await super.sort(tests)).sort((one, other) => secondsOf(other.path) - secondsOf(one.path));
  }

  allFailedTests(tests) {
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
