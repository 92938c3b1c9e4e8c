import type { Mutation } from './mutation.js';

const LAYOUT = ['test/ops/layouts/layout-at.test.ts'];

/** Applications with definitions, and promotions of them that merge branches. */
export const DEFINITIONS: readonly Mutation[] = [
  {
    name: 'What a definition says of its environment is stronger than what it says of all',
    file: 'src/ops/layouts/layout-at.ts',
    text: '? [common, own] : [own]',
    replacement: '? [own, common] : [own]',
    tests: LAYOUT,
  },
  {
    name: 'Where several environments share a branch, a definition says the version of each for itself',
    file: 'src/ops/layouts/layout-at.ts',
    text: 'if (others.length > 0) {',
    replacement: 'if (others.length > 100) {',
    tests: LAYOUT,
  },
  {
    name: 'A version that the stronger values of a definition leave open moves where the weaker ones say it',
    file: 'src/ops/carriers/overridden-value.ts',
    text: 'layer.isFilled === true &&',
    replacement: 'layer.isFilled === false &&',
    tests: ['test/ops/carriers/definition-values.test.ts'],
  },
  {
    name: 'A hold turns off what merges the branch of an environment into the one that is held',
    file: 'src/ops/pull-requests/stop-merging.ts',
    text: "promotion === 'merge' && [name, EVERY]",
    replacement: "promotion !== 'merge' && [name, EVERY]",
    tests: ['test/ops/pull-requests/stop-merging.test.ts'],
  },
];
