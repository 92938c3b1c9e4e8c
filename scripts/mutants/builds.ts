import type { Mutation } from './mutation.js';

const REGISTRY = ['test/images/registry.test.ts'];
const CONTENT = ['test/images/content.test.ts', 'test/images/content-reasons.test.ts'];
const RUNS = ['test/images/recording-run.test.ts'];
const RECORDS = ['test/images/read-known-builds.test.ts'];
const SPACES = ['test/images/spaces.test.ts'];
const LOOK_UP = ['test/images/look-up.test.ts'];

/** What images are made of, and what their tests say. */
export const BUILDS: readonly Mutation[] = [
  {
    name: 'A tag that may not be written again is done only where it is this very image',
    file: 'src/images/registry.ts',
    text: 'there !== digest',
    replacement: 'false',
    tests: REGISTRY,
  },
  {
    name: 'No setting hides a new file from the key of a content',
    file: 'src/images/committed-files.ts',
    text: "'--untracked-files=normal'",
    replacement: "'--no-ahead-behind'",
    tests: CONTENT,
  },
  {
    name: 'The files of a module count as those of the repository',
    file: 'src/images/seen-files.ts',
    text: '    await expectCommitted(walk, full, full);\n',
    replacement: '',
    tests: CONTENT,
  },
  {
    name: 'A link out of a build context tells nothing of what is built',
    file: 'src/images/seen-files.ts',
    text: 'place.inContext && leaves(inner, target)',
    replacement: 'false',
    tests: CONTENT,
  },
  {
    name: "Git's own folder in a context ties a content to its commit",
    file: 'src/images/content.ts',
    text: 'seen.seesGit ? settings.revision : undefined',
    replacement: 'undefined',
    tests: CONTENT,
  },
  {
    name: 'What a Dockerfile adds from elsewhere gives a content no key',
    file: 'src/images/content.ts',
    text: 'doubt !== undefined',
    replacement: 'false',
    tests: CONTENT,
  },
  {
    name: 'A default of a Dockerfile is not taken for what the builder sets',
    file: 'src/images/dockerfile.ts',
    text: 'known &&= !AUTOMATIC.test(name);',
    replacement: '',
    tests: ['test/images/dockerfile.test.ts'],
  },
  {
    name: 'Two tests of one name are no rerun where nothing else says why the command failed',
    file: 'src/app-tests/reruns.ts',
    text: "succeeded || joined.some(({ outcome }) => outcome === 'failed')",
    replacement: 'true',
    tests: ['test/app-tests/reruns.test.ts'],
  },
  {
    name: 'A pull request records nothing that a release takes',
    file: 'src/images/recording-run.ts',
    text: 'EVENTS.has(run.event)',
    replacement: "run.event !== 'issue_comment'",
    tests: RUNS,
  },
  {
    name: 'A run that did not succeed records nothing that a release takes',
    file: 'src/images/recording-run.ts',
    text: "run.status === 'completed' && run.conclusion === 'success'",
    replacement: "run.conclusion !== 'failure'",
    tests: RUNS,
  },
  {
    name: 'Another workflow records nothing that a release takes',
    file: 'src/images/recording-run.ts',
    text: "run.path.replace(/@.*$/s, '') === asking.workflow",
    replacement: "run.path.startsWith('.github/workflows/')",
    tests: RUNS,
  },
  {
    name: 'What a release takes was built from what comes before it',
    file: 'src/images/read-known-builds.ts',
    text: "data.status === 'ahead'",
    replacement: "data.status !== 'behind'",
    tests: RECORDS,
  },
  {
    name: 'Of a run with two records neither counts',
    file: 'src/images/read-known-builds.ts',
    text: '.length > 1',
    replacement: '.length > 2',
    tests: RECORDS,
  },
  {
    name: 'A record is what GitHub has the digest of',
    file: 'src/github/artifact-file.ts',
    text: 'digest !== artifact.digest',
    replacement: 'false',
    tests: RECORDS,
  },
  {
    name: 'An artifact of several files is not unpacked',
    file: 'src/github/artifact-file.ts',
    text: 'found.length > 1',
    replacement: 'found.length > 100_000',
    tests: ['test/github/artifact-file.test.ts'],
  },
  {
    name: 'A release takes nothing that nobody recorded',
    file: 'src/images/look-up.ts',
    text: 'return { existing: undefined };\n  }\n  const there',
    replacement: 'return { existing: await registry.manifest(path, key) };\n  }\n  const there',
    tests: LOOK_UP,
  },
  {
    name: 'What stands under the key of a release as another image is told',
    file: 'src/images/look-up.ts',
    text: 'there.digest === recorded',
    replacement: 'there.digest.length > 0',
    tests: LOOK_UP,
  },
  {
    name: 'A release takes layers by a recorded digest alone',
    file: 'src/images/bake.ts',
    text: 'layers === undefined ? []',
    replacement: 'layers === undefined ? [at(repository)]',
    tests: ['test/images/bake.test.ts'],
  },
  {
    name: 'What is built in a merge queue is no release',
    file: 'src/images/spaces.ts',
    text: '|merge_group$',
    replacement: '',
    tests: SPACES,
  },
  {
    name: 'Images of pull requests never have the names of releases',
    file: 'src/images/spaces.ts',
    text: "pattern === namesIn('release', registry)",
    replacement: 'false',
    tests: SPACES,
  },
  {
    name: 'what passed ends a row of failures, or is no rerun',
    file: 'src/app-tests/reruns.ts',
    text: 'again.length + 2 === tests.length',
    replacement: 'again.length + 2 <= tests.length',
    tests: ['test/app-tests/reruns.test.ts'],
  },
  {
    name: 'what CTest could not run has failed',
    file: 'src/app-tests/junit/parse.ts',
    text: 'test.ofCTest && !CTEST_SKIPS.test(message)',
    replacement: 'false',
    tests: ['test/app-tests/parse.test.ts'],
  },
  {
    name: 'a module of a Go workspace that is imported and not required is a dependency',
    file: 'src/apps/dependencies/go.ts',
    text: 'foldersOf([...required, ...imported.runtime])',
    replacement: 'foldersOf(required)',
    tests: ['test/apps/dependencies/go.test.ts'],
  },
  {
    name: 'settings of Python are no tests',
    file: 'src/app-tests/python.ts',
    text: 'return shows ||',
    replacement: 'return entries.length > 0 || shows ||',
    tests: ['test/app-tests/command.test.ts'],
  },
  {
    name: 'tests of one name in two suites are two tests',
    file: 'src/app-tests/junit/parse.ts',
    text: 'bySuite.set(elements[index], suite);',
    replacement: 'bySuite.set(elements[0], suite);',
    tests: ['test/app-tests/parse.test.ts'],
  },
];
