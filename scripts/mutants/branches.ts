import type { Mutation } from './mutation.js';

const PLACES = ['test/ops/policy/places.test.ts'];
const LAYOUT = ['test/ops/layouts/layout-at.test.ts'];
const MERGES = ['test/ops/verbs/promote/merge-facts.test.ts'];

/** Environments that live on branches and in repositories of their own. */
export const BRANCHES: readonly Mutation[] = [
  {
    name: 'A verb that knows one branch alone refuses a policy with branches',
    file: 'src/ops/repository/snapshot.ts',
    text: 'if (away !== undefined) {',
    replacement: 'if (away === null) {',
    tests: ['test/ops/repository/refuse-away.test.ts'],
  },
  {
    name: 'Where two environments share a branch, paths have to name them',
    file: 'src/ops/policy/places.ts',
    text: 'new Set(places).size === places.length',
    replacement: 'places.length > 0',
    tests: PLACES,
  },
  {
    name: 'Where every app has a repository of its own, none is told of all of them',
    file: 'src/ops/policy/places.ts',
    text: "=== true && app === ''",
    replacement: "=== true && app === '*'",
    tests: PLACES,
  },
  {
    name: 'No environment lives on a branch that our actions delete',
    file: 'src/ops/policy/places.ts',
    text: 'branch !== undefined && OURS.test(branch)',
    replacement: 'branch === null',
    tests: PLACES,
  },
  {
    name: 'The host of previews lives with the policy',
    file: 'src/ops/policy/places.ts',
    text: 'previews?.host === name && isAway(environment)',
    replacement: 'previews === null',
    tests: PLACES,
  },
  {
    name: 'Only a branch of the same repository can be merged',
    file: 'src/ops/policy/places.ts',
    text: 'before.repository === environment.repository',
    replacement: 'before !== environment',
    tests: PLACES,
  },
  {
    name: 'The branch of an environment has no other one',
    file: 'src/ops/layouts/layout-at.ts',
    text: 'filter((each) => livesAt(each, place))',
    replacement: 'slice()',
    tests: LAYOUT,
  },
  {
    name: 'What a definition says of its environment is stronger than what it says of all',
    file: 'src/ops/layouts/layout-at.ts',
    text: 'own !== undefined && (common === undefined',
    replacement: 'own !== undefined && common === undefined && (common === undefined',
    tests: LAYOUT,
  },
  {
    name: 'In the repository of an app everything is its own',
    file: 'src/ops/layouts/layout-at.ts',
    text: 'place.app !== undefined && overlays.length > 0',
    replacement: 'place.app === null && overlays.length > 0',
    tests: LAYOUT,
  },
  {
    name: 'A merge brings nothing of what its target took back',
    file: 'src/ops/verbs/promote/merge-facts.ts',
    text: 'version.into === version.base ||',
    replacement: 'version.into !== null ||',
    tests: MERGES,
  },
  {
    name: 'A merge brings what the other branch says of the target, and not what it says of itself',
    file: 'src/ops/verbs/promote/merge-facts.ts',
    text: 'if (version.from !== version.wanted) {',
    replacement: 'if (version.from === undefined) {',
    tests: MERGES,
  },
  {
    name: 'A merge brings all apps, and is refused with the one that may not go',
    file: 'src/ops/verbs/promote/merge-facts.ts',
    text: 'if (behind !== undefined) {',
    replacement: 'if (behind === null) {',
    tests: MERGES,
  },
  {
    name: 'A merge that costs an environment its branch is refused',
    file: 'src/ops/verbs/promote/merge-facts.ts',
    text: 'if (deletesFrom) {',
    replacement: "if (from === '') {",
    tests: MERGES,
  },
];
