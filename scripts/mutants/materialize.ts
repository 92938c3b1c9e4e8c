import type { Mutation } from './mutation.js';

const CONFIGURATION = ['test/materialize/hld/configuration.test.ts'];
const PARTS = ['test/materialize/hld/parts.test.ts'];
const MANIFESTS = ['test/materialize/manifests.test.ts'];
const FOLDER = ['test/materialize/write-folder.test.ts'];
const VALUES = ['test/materialize/values.test.ts'];
const PLAN = ['test/materialize/branch-plan.test.ts'];
const ORDER = ['test/materialize/branch-order.test.ts'];
const SERVED = ['test/materialize/served-chart.test.ts'];
const GIT = ['test/materialize/fetch-git.test.ts'];

/** What a definition is rendered to, and what becomes of the folder. */
export const MATERIALIZE: readonly Mutation[] = [
  {
    name: 'A file that was not materialized is never overwritten',
    file: 'src/materialize/plan-files.ts',
    text: '(known === undefined ? plan.inTheWay : plan.changed).push(path);',
    replacement: 'plan.changed.push(path);',
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
  {
    name: 'A branch that was not materialized is nobody else’s to empty',
    file: 'src/materialize/branch/plan-branch.ts',
    text: 'record === undefined ? [...plan.inTheWay, ...(isKept ? [] : others)] : []',
    replacement: '[]',
    tests: PLAN,
  },
  {
    name: 'A manifest that somebody added to a rendered branch is an edit',
    file: 'src/materialize/branch/plan-branch.ts',
    text: 'const gone = isKept ? [] : others;',
    replacement: 'const gone: string[] = [];',
    tests: PLAN,
  },
  {
    name: 'Folders whose names begin with a dot are left alone',
    file: 'src/materialize/branch/plan-branch.ts',
    text: " && !path.split('/').some((name) => name.startsWith('.'))",
    replacement: '',
    tests: PLAN,
  },
  {
    name: 'An edit that is kept is kept',
    file: 'src/materialize/branch/plan-branch.ts',
    text: 'isKept ? [...plan.edited, ...plan.missing, ...byHand] : []',
    replacement: 'isKept ? [...byHand] : []',
    tests: PLAN,
  },
  {
    name: 'The branch of the definition is no rendered one',
    file: 'src/materialize/branch/targets.ts',
    text: 'if (isOwn && branch === definition.branch',
    replacement: "if (isOwn && branch === ''",
    tests: PLAN,
  },
  {
    name: 'What is in no commit goes to no branch',
    file: 'src/materialize/branch/checked-out.ts',
    text: 'if (changed.length > 0) {',
    replacement: 'if (changed.length < 0) {',
    tests: ['test/materialize/branch-checkout.test.ts'],
  },
  {
    name: 'An older commit of a definition never writes over a newer one',
    file: 'src/materialize/branch/write-branch.ts',
    text: "if (order === 'older' && !force) {",
    replacement: "if (order === 'older' && force) {",
    tests: ORDER,
  },
  {
    name: 'A commit that does not contain the last one is refused',
    file: 'src/materialize/branch/write-branch.ts',
    text: "if (order === 'apart' && !force) {",
    replacement: "if (order === 'apart' && force) {",
    tests: ORDER,
  },
  {
    name: 'A late run leaves it to a newer commit that changes what is rendered',
    file: 'src/materialize/branch/write-branch.ts',
    text: ' && !force && (await hasNewer())',
    replacement: ' && force && (await hasNewer())',
    tests: ORDER,
  },
  {
    name: 'No object is lost for its name',
    file: 'src/materialize/manifests/files.ts',
    text: 'const other = files.get(path);',
    replacement: "const other = files.get('');",
    tests: MANIFESTS,
  },
  {
    name: 'The token of a run goes to packages of its own owner alone',
    file: 'src/materialize/lock/registry-login.ts',
    text: ' && first?.toLowerCase() === owner.toLowerCase()',
    replacement: '',
    tests: ['test/materialize/registry-login.test.ts'],
  },
  {
    name: 'Helm follows no link out of a chart',
    file: 'src/ops/render/helm-template.ts',
    text: 'if (await hasLink(path)) {',
    replacement: "if (path === '') {",
    tests: ['test/ops/verbs/check/render-charts.test.ts'],
  },
  {
    name: 'An environment is not rendered to the branch that has its definition',
    file: 'src/materialize/branch/targets.ts',
    text: 'branch === undefined || isSaid || isRead ||',
    replacement: 'branch === undefined || isSaid ||',
    tests: PLAN,
  },
  {
    name: 'What moves besides branches of environments was decided by nobody',
    file: 'src/materialize/lock/lock-file.ts',
    text: 'return hasMore ? undefined :',
    replacement: 'return',
    tests: ['test/materialize/followed-branches.test.ts'],
  },
  {
    name: 'The branch of an environment is one of its server',
    file: 'src/materialize/lock/followed-branches.ts',
    text: 'const isHere = address?.origin === new URL(serverUrl).origin;',
    replacement: 'const isHere = address !== undefined;',
    tests: ['test/materialize/followed-branches.test.ts'],
  },
  {
    name: 'Of environments that are rendered at once, the first that fails is told',
    file: 'src/materialize/materialize.ts',
    text: 'return tried.map((each) => {',
    replacement: 'return tried.reverse().map((each) => {',
    tests: ['test/materialize/environments-at-once.test.ts'],
  },
  {
    name: 'What one release of a chart is pinned to stays when another one moves',
    file: 'src/materialize/lock/lock-file.ts',
    text: "...before.charts.filter((each) => !users.has(each.for ?? ''))",
    replacement: '',
    tests: SERVED,
  },
  {
    name: 'A chart of a server is rendered from its lock file, too',
    file: 'src/materialize/materialize.ts',
    text: 'chart === undefined ? folder : posix.join(folder, LOCK_FILE)',
    replacement: 'folder',
    tests: SERVED,
  },
  {
    name: 'An input of another kind of source is no input of this one',
    file: 'src/materialize/sources/render-source.ts',
    text: 'isGiven && other !== kind',
    replacement: 'isGiven && other === source',
    tests: SERVED,
  },
];
