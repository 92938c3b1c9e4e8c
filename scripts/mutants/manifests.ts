import type { Mutation } from './mutation.js';

const MANIFESTS = ['test/materialize/manifests.test.ts'];
const VALUES = ['test/materialize/values.test.ts'];
const FETCHED = ['test/materialize/fetch-file.test.ts'];
const KUSTOMIZE = ['test/ops/render/run-kustomize.test.ts'];
const INPUTS = ['test/ops/kustomize/build-inputs.test.ts'];
const SOURCES = ['test/materialize/git-source.test.ts'];
const CHARTS = ['test/materialize/render-chart.test.ts'];
const DEPENDENCIES = ['test/materialize/chart-dependencies.test.ts'];
const SECRETS = ['test/ops/tree/plain-secrets.test.ts'];

/** What is read of manifests and written, and what is fetched for it. */
export const MANIFEST_FILES: readonly Mutation[] = [
  {
    name: 'A text by its tag stays a text',
    file: 'src/materialize/values.ts',
    text: 'style: tagged === undefined || isKept ? type : tagged',
    replacement: 'style: type',
    tests: VALUES,
  },
  {
    name: 'A tag that readers take differently is refused',
    file: 'src/materialize/values.ts',
    text: 'if (tag !== undefined && !isSaid) {',
    replacement: 'if (tag === null) {',
    tests: VALUES,
  },
  {
    name: 'A key says something',
    file: 'src/materialize/values.ts',
    text: "if (key.kind !== 'scalar' || isNothing(key)) {",
    replacement: "if (key.kind !== 'scalar') {",
    tests: VALUES,
  },
  {
    name: 'A merge key in quotes is a key',
    file: 'src/materialize/values.ts',
    text: "if (isPlain && key.text === '<<') {",
    replacement: "if (key.text === '<<') {",
    tests: VALUES,
  },
  {
    name: 'A merge key takes in mappings alone',
    file: 'src/materialize/values.ts',
    text: "if (each.kind !== 'map') {",
    replacement: "if (each.kind !== 'map') {\n      continue;\n    }\n    if (each.entries.size < 0) {",
    tests: VALUES,
  },
  {
    name: 'What ends a line to other readers is written as its code',
    file: 'src/materialize/values.ts',
    text: '.replace(UNPRINTABLE, codeOf)',
    replacement: '',
    tests: VALUES,
  },
  {
    name: 'Aliases of a long text end',
    file: 'src/materialize/values.ts',
    text: '1 + String(node.value).length / 64',
    replacement: '1',
    tests: VALUES,
  },
  {
    name: 'A list is empty where it says so, and in no other way',
    file: 'src/materialize/manifests/objects.ts',
    text: 'if (isNothing(items) && name === undefined) {',
    replacement: 'if (name === undefined) {',
    tests: MANIFESTS,
  },
  {
    name: 'An empty kind or name is none',
    file: 'src/materialize/manifests/objects.ts',
    text: 'textAt(value, ...keys) || undefined',
    replacement: 'textAt(value, ...keys)',
    tests: MANIFESTS,
  },
  {
    name: 'A kind of the whole cluster is one object whatever namespace it says',
    file: 'src/materialize/manifests/objects.ts',
    text: "isWide(object) || namespace === 'default' ? '' : namespace",
    replacement: "namespace === 'default' ? '' : namespace",
    tests: MANIFESTS,
  },
  {
    name: 'No namespace and default are one place',
    file: 'src/materialize/manifests/objects.ts',
    text: "isWide(object) || namespace === 'default' ? '' : namespace",
    replacement: "isWide(object) ? '' : namespace",
    tests: MANIFESTS,
  },
  {
    name: 'Files differ in more than capitals',
    file: 'src/materialize/manifests/files.ts',
    text: 'const path = pathOf(object, false).toLowerCase();',
    replacement: 'const path = pathOf(object, false);',
    tests: MANIFESTS,
  },
  {
    name: 'A value beside what SOPS encrypted is in plain text',
    file: 'src/ops/tree/plain-secrets.ts',
    text: 'if (isChosen && values.some(({ text }) => text.startsWith(ENCRYPTED))) {',
    replacement: 'if (sops !== undefined) {',
    tests: SECRETS,
  },
  {
    name: 'A rule of SOPS that encrypts nothing excuses nothing',
    file: 'src/ops/tree/plain-secrets.ts',
    text: 'if (isChosen && values.some(({ text }) => text.startsWith(ENCRYPTED))) {',
    replacement: 'if (isChosen) {',
    tests: SECRETS,
  },
  {
    name: 'A file that SOPS encrypted is no plain text in a Secret',
    file: 'src/ops/tree/plain-secrets.ts',
    text: "({ text }) => !ENCRYPTED_FILE.test(Buffer.from(text, 'base64').toString('utf8')),",
    replacement: '() => true,',
    tests: SECRETS,
  },
  {
    name: 'What kubectl keeps of a Secret is looked at',
    file: 'src/ops/tree/plain-secrets.ts',
    text: "...(applied?.kind === 'text'",
    replacement: "...(applied?.kind === 'text' && applied.line < 0",
    tests: SECRETS,
  },
  {
    name: 'A server sends on to https alone',
    file: 'src/materialize/lock/fetch-file.ts',
    text: "|| (at.startsWith('https:') && next.protocol !== 'https:')",
    replacement: '',
    tests: FETCHED,
  },
  {
    name: 'A server sends on to what is fetched at all',
    file: 'src/materialize/lock/fetch-file.ts',
    text: '!isFetchable(next.href) ||',
    replacement: '',
    tests: FETCHED,
  },
  {
    name: 'Servers that send on end',
    file: 'src/materialize/lock/fetch-file.ts',
    text: 'count <= MOST_REDIRECTS; count += 1',
    replacement: 'count <= MOST_REDIRECTS; count += 0',
    tests: FETCHED,
  },
  {
    name: 'Kustomize that is offline reaches no server',
    file: 'src/ops/render/run-kustomize.ts',
    text: '...(isOffline && { HTTPS_PROXY: NOWHERE, HTTP_PROXY: NOWHERE }),',
    replacement: '',
    tests: KUSTOMIZE,
  },
  {
    name: 'Kustomize that is offline has no git that does',
    file: 'src/ops/render/run-kustomize.ts',
    text: "isOffline ? 'none' : ",
    replacement: '',
    tests: KUSTOMIZE,
  },
  {
    name: 'What generators and transformers of kustomize open is seen',
    file: 'src/ops/kustomize/build-inputs.ts',
    text: "textAt(root, 'apiVersion') === 'builtin'",
    replacement: "textAt(root, 'apiVersion') === ''",
    tests: INPUTS,
  },
  {
    name: 'A repository ends where kustomize says',
    file: 'src/materialize/sources/render-kustomization.ts',
    text: 'atDouble(rest),',
    replacement: 'null,',
    tests: SOURCES,
  },
  {
    name: 'A chart that comes to another object each time is refused',
    file: 'src/materialize/sources/render-chart.ts',
    text: 'if (other !== undefined) {',
    replacement: 'if (other === null) {',
    tests: CHARTS,
  },
  {
    name: 'A package is looked into for what is of chance',
    file: 'src/materialize/sources/render-chart.ts',
    text: "file.endsWith('.tgz') ? gunzipSync(content) : content",
    replacement: 'content',
    tests: CHARTS,
  },
  {
    name: 'Values may say what is of chance, too',
    file: 'src/materialize/sources/render-chart.ts',
    text: 'values.some(saysChance) ||',
    replacement: '',
    tests: CHARTS,
  },
  {
    name: 'What a chart depends on is told with its version',
    file: 'src/materialize/sources/chart-dependencies.ts',
    text: 'remote.part?.(',
    replacement: 'void (',
    tests: DEPENDENCIES,
  },
  {
    name: 'A package of another chart is none of this one',
    file: 'src/materialize/sources/chart-dependencies.ts',
    text: ' && /^v?\\d.*\\.tgz$/.test(file.slice(name.length + 1))',
    replacement: '',
    tests: DEPENDENCIES,
  },
  {
    name: 'The older lock of a chart counts',
    file: 'src/materialize/sources/chart-dependencies.ts',
    text: "'requirements.lock'] as const",
    replacement: "'requirements.none'] as const",
    tests: DEPENDENCIES,
  },
  {
    name: 'A chart that is there twice has the version of its place in the lock',
    file: 'src/materialize/sources/chart-dependencies.ts',
    text: 'same.length > 1 ? locked[index] : same[0]',
    replacement: 'same[0]',
    tests: DEPENDENCIES,
  },
  {
    name: 'A space alone on a line of a quoted text stays',
    file: 'src/materialize/values.ts',
    text: ', doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER',
    replacement: '',
    tests: VALUES,
  },
];
