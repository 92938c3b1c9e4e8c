import type { Mutation } from './mutation.js';

const CONFIGURATION = ['test/materialize/hld/configuration.test.ts'];
const PARTS = ['test/materialize/hld/parts.test.ts'];
const MANIFESTS = ['test/materialize/manifests.test.ts'];
const FOLDER = ['test/materialize/write-folder.test.ts'];
const VALUES = ['test/materialize/values.test.ts'];
const GIT = ['test/materialize/fetch-git.test.ts'];

/** What a definition is rendered to, and what becomes of the folder. */
export const MATERIALIZE: readonly Mutation[] = [
  {
    name: 'A file that was not materialized is never overwritten',
    file: 'src/materialize/write-folder.ts',
    text: 'if (known === undefined) {',
    replacement: 'if (known === null) {',
    tests: FOLDER,
  },
  {
    name: 'A list of written files leads out of no folder',
    file: 'src/materialize/manifests/record.ts',
    text: 'v.pipe(v.string(), v.regex(PATH))',
    replacement: 'v.string()',
    tests: FOLDER,
  },
  {
    name: 'What a parent says beats what a component says itself',
    file: 'src/materialize/hld/parts.ts',
    text: 'mergeConfigurations([given, ...levels], walk.note)',
    replacement: 'mergeConfigurations([...levels, given], walk.note)',
    tests: PARTS,
  },
  {
    name: 'A component that contains itself is refused',
    file: 'src/materialize/hld/parts.ts',
    text: 'if (above.includes(name) || above.length >= MOST_LEVELS) {',
    replacement: 'if (above.length < 0) {',
    tests: PARTS,
  },
  {
    name: 'Nothing beats nothing',
    file: 'src/materialize/hld/merge-values.ts',
    text: 'if (isNothing(strong) || isNothing(weak)) {',
    replacement: 'if (isNothing(weak)) {',
    tests: CONFIGURATION,
  },
  {
    name: 'A namespace comes with its own injection',
    file: 'src/materialize/hld/configuration.ts',
    text: 'namespace: strong.namespace ?? weak.namespace,',
    replacement: 'namespace: weak.namespace ?? strong.namespace,',
    tests: CONFIGURATION,
  },
  {
    name: 'A kind of the whole cluster gets no namespace',
    file: 'src/materialize/manifests/objects.ts',
    text: 'isClusterKind(object.group, object.kind) ||',
    replacement: 'object.kind === "" ||',
    tests: MANIFESTS,
  },
  {
    name: 'Two names never become one file',
    file: 'src/materialize/manifests/files.ts',
    text: '/[^A-Za-z0-9.-]/g',
    replacement: '/[^A-Za-z0-9._-]/g',
    tests: MANIFESTS,
  },
  {
    name: 'A key that is a text in quotes alone keeps them',
    file: 'src/materialize/values.ts',
    text: 'isQuoted(key) && !isPlainText(keyText(key))',
    replacement: 'isQuoted(key) && keyText(key) === ""',
    tests: VALUES,
  },
  {
    name: 'The token of a run goes to its own owner alone',
    file: 'src/materialize/lock/fetch-git.ts',
    text: ' && owner === credentials.owner',
    replacement: '',
    tests: GIT,
  },
  {
    name: 'The token of a run goes to its own host alone',
    file: 'src/materialize/lock/fetch-git.ts',
    text: 'origin === new URL(credentials.serverUrl).origin && ',
    replacement: '',
    tests: GIT,
  },
];
