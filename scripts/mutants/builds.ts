import type { Mutation } from './mutation.js';

const REGISTRY = ['test/images/registry.test.ts'];
const CONTENT = ['test/images/content.test.ts', 'test/images/content-reasons.test.ts'];

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
