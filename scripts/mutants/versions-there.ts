import type { Mutation } from './mutation.js';

/** What is said to be there, and which app a version is of. */
export const VERSIONS_THERE: readonly Mutation[] = [
  {
    name: 'A version that changes in the clusters passes only as that of an app',
    file: 'src/ops/verbs/check/untied-versions.ts',
    text: 'each.moves && carries(each, version, overlay)',
    replacement: 'carries(each, version, overlay)',
    tests: ['test/ops/verbs/check/untied-versions.test.ts'],
  },
  {
    name: 'The check does not tell of what was broken before in files that a change leaves alone',
    file: 'src/ops/judgement/roots.ts',
    text: 'isInside || changed.has(file) ||',
    replacement: 'true ||',
    tests: ['test/ops/verbs/check/touched-only.test.ts'],
  },
  {
    name: 'An app that another environment has than the one that was named is no new app',
    file: 'src/ops/verbs/bump/prepare.ts',
    text: 'nowhere !== undefined && nowhere.elsewhere.length > 0',
    replacement: 'false',
    tests: ['test/ops/verbs/bump/absent-apps.test.ts'],
  },
  {
    name: 'A promotion says that a version is there only where the planned tree has it',
    file: 'src/ops/restore/promote-apps.ts',
    text: 'failed.length === 0',
    replacement: 'true',
    tests: ['test/ops/restore/promote-apps.test.ts'],
  },
  {
    name: 'A promotion does not go back behind what only a base names',
    file: 'src/ops/restore/plan-promotion.ts',
    text: '...inBase].some(goesBackwards)',
    replacement: '].some(goesBackwards)',
    tests: ['test/ops/restore/promote-apps.test.ts'],
  },
  {
    name: 'A soak time is not over where nobody can tell since when a version is there',
    file: 'src/ops/restore/held-in-base.ts',
    text: 'at: now, ',
    replacement: '',
    tests: ['test/ops/verbs/promote/decide.test.ts'],
  },
];
