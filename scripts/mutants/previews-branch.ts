import type { Mutation } from './mutation.js';

const BRANCH = ['test/ops/verbs/previews/branch/branch.test.ts'];

/** Previews on a branch of their own. */
export const PREVIEWS_BRANCH: readonly Mutation[] = [
  {
    name: 'The branch of previews has no workflows',
    file: 'src/ops/verbs/previews/branch/tree-items.ts',
    text: "new Set(['.github', PREVIEWS_FOLDER])",
    replacement: 'new Set<string>([PREVIEWS_FOLDER])',
    tests: BRANCH,
  },
  {
    name: 'The branch of previews follows what its previews are built from',
    file: 'src/ops/verbs/previews/branch/overtaken.ts',
    text: 'before.get(name) !== now.get(name)',
    replacement: 'false',
    tests: BRANCH,
  },
  {
    name: 'The branch of previews follows nothing else',
    file: 'src/ops/verbs/previews/branch/overtaken.ts',
    text: 'uses.some((each) => each === undefined)',
    replacement: 'uses.length > 0',
    tests: BRANCH,
  },
  {
    name: 'Folders of previews that move over are taken by their ids',
    file: 'src/ops/verbs/previews/branch/tree-items.ts',
    text: '...deployed.previews.filter(({ name }) => left.includes(name)),',
    replacement: '',
    tests: BRANCH,
  },
  {
    name: 'The object of a preview that moves over stays where it is',
    file: 'src/ops/verbs/previews/branch/deployed-change.ts',
    text: 'files: new Map([...files].filter(([path]) => !places.has(path)))',
    replacement: 'files: new Map(files)',
    tests: BRANCH,
  },
  {
    name: 'What has moved over goes from the deployed branch',
    file: 'src/ops/verbs/previews/branch/deployed-change.ts',
    text: '[...gone, ...left].sort()',
    replacement: '[...gone].sort()',
    tests: BRANCH,
  },
  {
    name: 'Something is left beside the objects of previews, so that the last one is pruned',
    file: 'src/ops/verbs/previews/plan/plan.ts',
    text: 'await keepClusterFolder(tree, previews, changes);',
    replacement: '',
    tests: BRANCH,
  },
  {
    name: 'A preview is adapted anew to what it is built from, where that has changed',
    file: 'src/ops/verbs/previews/plan/activation.ts',
    text: 'isLeftAlone && !isOvertaken',
    replacement: 'isLeftAlone',
    tests: ['test/ops/verbs/previews/plan/plan.test.ts'],
  },
  {
    name: 'Previews that are built from something else are not adapted anew',
    file: 'src/ops/verbs/previews/branch/overtaken.ts',
    text: 'isOvertaken([uses])',
    replacement: 'isOvertaken([undefined])',
    tests: BRANCH,
  },
  {
    name: 'A release of a group adapts no preview anew',
    file: 'src/ops/verbs/previews/manifests/used-folders.ts',
    text: 'above.find((folder) => !hasOverlay(folder)) ?? path',
    replacement: "names[0] ?? ''",
    tests: ['test/ops/verbs/previews/manifests/used-folders.test.ts'],
  },
  {
    name: 'Previews that run are looked at together',
    file: 'src/ops/verbs/previews/plan/limit.ts',
    text: 'waiting.splice(0, free).map(activate)',
    replacement: 'waiting.splice(0, 1).map(activate)',
    tests: ['test/ops/verbs/previews/plan/limit.test.ts'],
  },
  {
    name: 'Previews that wait are looked at together where those before them cannot be rendered',
    file: 'src/ops/verbs/previews/plan/limit.ts',
    text: 'await prepare(ahead);',
    replacement: '',
    tests: ['test/ops/verbs/previews/plan/looked-at-again.test.ts'],
  },
  {
    name: 'A preview is told of as it is, and not as it would be now',
    file: 'src/ops/verbs/previews/plan/activation.ts',
    text: 'preview !== undefined && (await changes.has(preview.files))',
    replacement: 'preview !== undefined',
    tests: ['test/ops/verbs/previews/plan/looked-at-again.test.ts'],
  },
  {
    name: 'What is on the branch of previews is no overlay',
    file: 'src/ops/verbs/previews/manifests/app-overlay.ts',
    text: 'withoutFolder(tree, PREVIEWS_FOLDER)',
    replacement: 'tree',
    tests: ['test/ops/verbs/previews/plan/looked-at-again.test.ts'],
  },
];
