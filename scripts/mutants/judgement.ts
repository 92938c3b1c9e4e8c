import type { Mutation } from './mutation.js';

const VERSIONS = ['test/ops/judgement/versions.test.ts'];
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
  {
    name: 'A version that no app has does not come into an environment with rules',
    file: 'src/ops/judgement/unowned-versions.ts',
    text: 'if (isOwned(sides.held, target) || (await wasThere(sides.before, target))) {',
    replacement: 'if (sides.held.length >= 0) {',
    tests: VERSIONS,
  },
  {
    name: 'What an environment had of another folder is no reason to take it in from there',
    file: 'src/ops/judgement/unowned-versions.ts',
    text: 'changed.has(path) || !before.files.has(path)',
    replacement: 'changed.has(path)',
    tests: VERSIONS,
  },
  {
    name: 'A variable that stands for a version is a version',
    file: 'src/ops/judgement/unowned-versions.ts',
    text: 'if (line !== undefined && unknown.length > 0) {',
    replacement: 'if (line !== undefined && unknown.length > 9) {',
    tests: VERSIONS,
  },
  {
    name: 'What comes from elsewhere comes at an exact version',
    file: 'src/ops/judgement/unpinned.ts',
    text: 'return isOwn || isPinned ? []',
    replacement: 'return isOwn || !isPinned ? []',
    tests: VERSIONS,
  },
  {
    name: 'A symbolic link is no file of an ops repository',
    file: 'src/ops/judgement/links.ts',
    text: '(head.links ?? []).filter((path) => changed.has(path))',
    replacement: '(head.links ?? []).filter((path) => !changed.has(path))',
    tests: VERSIONS,
  },
];
