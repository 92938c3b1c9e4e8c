import type { Mutation } from './mutation.js';

const PATHS = ['test/ops/judgement/assign-paths.test.ts'];

/** Whether the policy lets a change in. */
export const JUDGEMENT: readonly Mutation[] = [
  {
    name: 'A path that nothing tells of belongs to every environment',
    file: 'src/ops/judgement/assign-paths.ts',
    text: "return { environments, reason: 'may be of any environment, because nothing says of which it is' };",
    replacement: "return { environments: [], reason: '' };",
    tests: PATHS,
  },
  {
    name: 'The rules belong to every environment, whatever the policy frees',
    file: 'src/ops/judgement/assign-paths.ts',
    text: 'path === POLICY_FILE || DECIDING.test(path)',
    replacement: 'path === POLICY_FILE',
    tests: PATHS,
  },
  {
    name: 'What a cluster took in before the change is its own',
    file: 'src/ops/judgement/assign-paths.ts',
    text: 'const sides = [before, after];',
    replacement: 'const sides = [after, after];',
    tests: PATHS,
  },
  {
    name: 'What an object of a reconciler names by path is followed',
    file: 'src/ops/judgement/reach.ts',
    text: 'for (const input of inputs?.paths ?? []) {',
    replacement: 'for (const input of (inputs?.paths ?? []).slice(0, 0)) {',
    tests: PATHS,
  },
  {
    name: 'An object of the environment itself is the one that a name means',
    file: 'src/ops/judgement/reach.ts',
    text: 'const isThere = all.some(({ path }) => draft.files.has(path));',
    replacement: 'const isThere = false;',
    tests: PATHS,
  },
  {
    name: 'An object that goes to another environment’s cluster is that environment’s too',
    file: 'src/ops/judgement/destinations.ts',
    text: 'if (names.length > 0) {',
    replacement: 'if (names.length > 99) {',
    tests: PATHS,
  },
  {
    name: 'A file of objects belongs to the environments that it deploys only where all of them say so, on both sides',
    file: 'src/ops/judgement/assign-paths.ts',
    text: "if (hub === 'unclear') {",
    replacement: 'if (hub !== hub) {',
    tests: PATHS,
  },
];
