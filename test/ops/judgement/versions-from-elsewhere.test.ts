/** Versions that stand nowhere as one: made by programs, kept elsewhere, filled in; and what is like them and harmless. */
import { describe, expect, test } from '@jest/globals';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { ARGO_CD, application } from '../../attacks/support/argocd.js';
import { FLUX, kustomization } from '../../attacks/support/flux.js';
import { at, FILES, overlay } from '../../attacks/support/plain.js';
import { changeOf, type Files } from './support.js';

type Edits = Record<string, string | undefined>;

const CLUSTER = 'clusters/production';
const ENTRY = `${CLUSTER}/kustomization.yaml`;
const FLUX_FILES: Files = { ...FLUX[0], [ENTRY]: 'resources: [shop.yaml]\n' };
const ARGO_FILES: Files = { ...ARGO_CD[0] };
const FOLDER = 'overlays/production/shop';
const FILE = at('production');
const taking = (path: string) => overlay('1.4.0').replace('bases/shop', `bases/shop, ${path}`);
const object = (api: string, kind: string, name: string, rest: string) =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: flux-system }\n${rest}\n`;
const extra = (text: string): Edits => ({ [FILE]: taking('e.yaml'), [`${FOLDER}/e.yaml`]: text });
const pod = (rest: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: ${rest}\n`;
const remote = (address: string): Edits => ({ [FILE]: taking(`"${address}"`) });
const source = (ref: string): Edits => ({
  [`${CLUSTER}/s.yaml`]: object(
    'source.toolkit.fluxcd.io/v1',
    'GitRepository',
    'other',
    `spec: { interval: 1m, url: "https://github.com/acme/x", ref: ${ref} }`,
  ),
});
const plugin = (api: string, kind: string, run: string): Edits => ({
  [FILE]: overlay('1.4.0', 'shop', 'transformers: [t.yaml]\n'),
  [`${FOLDER}/t.yaml`]: `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: x${run} }\n`,
});
const FUNCTION = ', annotations: { config.kubernetes.io/function: "container: { image: x }" }';
const KSOPS = ', annotations: { config.kubernetes.io/function: "exec: { path: ksops }" }';
const applied = (more: string): Edits => ({ 'argocd/shop-production.yaml': application('production', { more }) });
const set = (generators: string, more = '', revision = 'main'): Edits => ({
  'argocd/set.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s, namespace: argocd }\nspec:\n  generators: ${generators}\n  template: { metadata: { name: x }, spec: { project: default, destination: { name: production, namespace: shop }, source: { repoURL: "https://github.com/acme/ops", targetRevision: ${revision}, path: overlays/production/shop } } }\n${more}`,
});
const release = (rest: string) =>
  object(
    'helm.toolkit.fluxcd.io/v2',
    'HelmRelease',
    'w',
    `spec: { interval: 5m, ${rest}, chart: { spec: { chart: ./charts/w, sourceRef: { kind: GitRepository, name: ops } } } }`,
  );
const CHARTED: Files = { ...FLUX_FILES, 'charts/w/Chart.yaml': 'name: w\nversion: 1.0.0\n' };
const map = (data: string) => object('v1', 'ConfigMap', 'wv', `data: { ${data} }`);
const valued = (data: string): Files => ({
  ...CHARTED,
  [`${CLUSTER}/r.yaml`]: release('valuesFrom: [{ kind: ConfigMap, name: wv }]'),
  [`${CLUSTER}/wv.yaml`]: map(data),
});
const targeted = (data: string, path: string): Files => ({
  ...CHARTED,
  [`${CLUSTER}/r.yaml`]: release(`valuesFrom: [{ kind: ConfigMap, name: wv, valuesKey: foo, targetPath: ${path} }]`),
  [`${CLUSTER}/wv.yaml`]: map(data),
});
const deployment = (image: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: w }\nspec:\n  template:\n    spec:\n      containers:\n      - name: w\n        image: ${image}\n`;
const generator = (field: string) =>
  `resources: [shop.yaml, web.yaml]\nconfigMapGenerator: [{ name: vars, ${field} }]\n`;
const filledIn = (field: string, more: Files = {}, image = 'ghcr.io/acme/w:\u0024{TAG}'): Files => ({
  ...{ ...FLUX_FILES, [ENTRY]: generator(field), [`${CLUSTER}/web.yaml`]: deployment(image) },
  ...more,
});
const OPERATED: Files = {
  ...FILES,
  [FILE]: taking('e.yaml'),
  [`${FOLDER}/e.yaml`]: object('acid.zalan.do/v1', 'postgresql', 'p', 'spec: { version: "16" }'),
};
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 12345\n`;

async function problems(before: Files, edits: Edits): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  return (facts.problems.get('production') ?? []).map(({ message }) => message).join(' | ');
}

describe.each<[string, Files, Edits, string]>([
  [
    'a program that joins words',
    ARGO_FILES,
    { [`${FOLDER}/x.jsonnet`]: '{ image: "ghcr.io" + "/evil/x:1" }' },
    'a program',
  ],
  [
    'what a program is told',
    ARGO_FILES,
    applied(', directory: { jsonnet: { extVars: [{ name: t, value: "6" }] } }'),
    'values of jsonnet',
  ],
  ['a plugin of Argo CD', ARGO_FILES, applied(', plugin: { name: x, env: [{ name: TAG, value: "6" }] }'), 'a plugin'],
  [
    'a patch of what a generator makes',
    ARGO_FILES,
    set('[{ list: { elements: [{ a: b }] } }]', '  templatePatch: "spec: {}"\n'),
    '"templatePatch"',
  ],
  [
    'what pull requests of others say',
    ARGO_FILES,
    set('[{ pullRequest: { github: { owner: evil, repo: x } } }]'),
    'whatever the generator pullRequest finds',
  ],
  [
    'the same in a matrix',
    ARGO_FILES,
    set('[{ matrix: { generators: [{ plugin: { configMapRef: { name: x } } }] } }]'),
    'whatever the generator plugin finds',
  ],
  [
    'what a generator reads elsewhere',
    ARGO_FILES,
    {
      'overlays/production/podinfo/set.yaml': set(
        '[{ git: { repoURL: "https://github.com/evil/x", revision: main, directories: [{ path: overlays/production/* }] } }]',
      )['argocd/set.yaml'],
    },
    'what a generator reads in https://github.com/evil/x',
  ],
  ['a file that Git LFS has', ARGO_FILES, { 'overlays/production/podinfo/e.yaml': POINTER }, 'a pointer of Git LFS'],
  [
    'a file that an older Git LFS has',
    ARGO_FILES,
    { 'overlays/production/podinfo/e.yaml': POINTER.replace('git-lfs', 'hawser') },
    'a pointer of Git LFS',
  ],
  [
    'one after an empty line',
    ARGO_FILES,
    { 'overlays/production/podinfo/e.yaml': `\next-0-x sha256:0\n${POINTER}` },
    'a pointer of Git LFS',
  ],
  [
    'a plugin that is called like a harmless one',
    FILES,
    plugin('evil.dev/v1', 'LabelTransformer', ''),
    'the transformer LabelTransformer',
  ],
  [
    'one that runs something else',
    FILES,
    plugin('builtin', 'LabelTransformer', FUNCTION),
    'the transformer LabelTransformer',
  ],
  ['something else that is called ksops', FILES, plugin('viaduct.ai/v1', 'ksops', FUNCTION), 'the transformer ksops'],
  [
    'an image in base64',
    FILES,
    extra(pod('{ containers: [{ name: a, image: !!binary Z2hjci5pby9ldmlsL3g6MQ== }] }')),
    '',
  ],
  [
    'a volume of an image',
    FILES,
    extra(pod('{ containers: [], volumes: [{ name: v, image: { reference: "evil/x:1" } }] }')),
    'the version evil/x:1 comes into production',
  ],
  [
    'an artifact that is composed elsewhere',
    FLUX_FILES,
    {
      [`${CLUSTER}/k.yaml`]: kustomization('production').replace(
        'kind: GitRepository, name: ops',
        'kind: ExternalArtifact, name: art',
      ),
    },
    'the artifact art',
  ],
  [
    'inputs that are asked of a registry',
    FLUX_FILES,
    {
      [`${CLUSTER}/s.yaml`]: object(
        'fluxcd.controlplane.io/v1',
        'ResourceSetInputProvider',
        'a',
        'spec: { type: OCIArtifactTag, url: "oci://ghcr.io/acme/w" }',
      ),
    },
    'whatever OCIArtifactTag of oci://ghcr.io/acme/w has',
  ],
  ['a branch beside a tag', FLUX_FILES, source('{ tag: v1.2.3, name: refs/heads/main }'), 'at no exact version'],
  [
    'a version by which an operator picks the image',
    FILES,
    extra(object('elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', 'e', 'spec: { version: 8.11.0 }')),
    'the version 8.11.0 comes into production',
  ],
  [
    'a major version of an operator',
    FILES,
    extra(object('acid.zalan.do/v1', 'postgresql', 'p', 'spec: { version: "16" }')),
    'the version 16 comes into production',
  ],
  [
    'a parameter from a file',
    ARGO_FILES,
    applied(', helm: { fileParameters: [{ name: image.tag, path: tag.txt }] }'),
    'parameters from files',
  ],
  ['a branch by its full name', FLUX_FILES, source('{ name: refs/heads/v1.2.3 }'), 'at no exact version'],
  [
    'a branch that ends like a version',
    FILES,
    remote('https://github.com/evil/base//deploy?ref=main-1.2.3'),
    'at no exact version',
  ],
  [
    'a branch by its full name, in a base',
    FILES,
    remote('https://github.com/evil/base//deploy?ref=refs/heads/v1.2.3'),
    'at no exact version',
  ],
  [
    'a folder that is called like a version',
    FILES,
    remote('https://github.com/evil/base/v1.2.3'),
    'at no exact version',
  ],
  [
    'a file of a branch in such a folder',
    FILES,
    remote('https://raw.githubusercontent.com/evil/base/main/v1.2.3/install.yaml'),
    'at no exact version',
  ],
  [
    'objects of a file of another ending',
    FLUX_FILES,
    {
      [ENTRY]: 'resources: [shop.yaml, k.txt]\n',
      [`${CLUSTER}/k.txt`]: kustomization('production', '', './overlays/staging/shop'),
    },
    'ghcr.io/acme/shop:1.5.0 comes into production',
  ],
  [
    'a tag in values from a ConfigMap',
    valued('values.yaml: "image: { tag: 1.0.0 }"'),
    { [`${CLUSTER}/wv.yaml`]: map('values.yaml: "image: { tag: 6.6.6 }"') },
    'the version 6.6.6 comes into production',
  ],
  [
    'a value that is put where a tag is',
    targeted('foo: 1.0.0', 'image.tag'),
    { [`${CLUSTER}/wv.yaml`]: map('foo: 6.6.6') },
    'the version 6.6.6 comes into production',
  ],
  [
    'a tag of a release whose chart names the image',
    { ...CHARTED, [`${CLUSTER}/r.yaml`]: release('values: { image: { tag: 1.0.0 } }') },
    { [`${CLUSTER}/r.yaml`]: release('values: { image: { tag: 6.6.6 } }') },
    'the version 6.6.6 comes into production',
  ],
  [
    'a generated variable',
    filledIn('literals: [TAG=1.0.0]'),
    { [ENTRY]: generator('literals: [TAG=6.6.6]') },
    'the variable TAG becomes 6.6.6',
  ],
  [
    'one of a file',
    filledIn('envs: [v.env]', { [`${CLUSTER}/v.env`]: 'TAG=1.0.0\n' }),
    { [`${CLUSTER}/v.env`]: 'TAG=6.6.6\n' },
    'the variable TAG becomes 6.6.6',
  ],
  [
    'one that is a file',
    filledIn('files: [TAG=v.txt]', { [`${CLUSTER}/v.txt`]: '1.0.0\n' }),
    { [`${CLUSTER}/v.txt`]: '6.6.6\n' },
    'the variable TAG becomes 6.6.6',
  ],
  [
    'one in a value of several lines',
    filledIn('literals: [TAG=1.0.0]', {}, '>-\n          ghcr.io/acme/w:\u0024{TAG}'),
    { [ENTRY]: generator('literals: [TAG=6.6.6]') },
    'the variable TAG becomes 6.6.6',
  ],
])('%s', (_name, before, edits, reason) => {
  test('is found', async () => expect(await problems(before, edits)).toContain(reason));
});

test('an image in base64 is the image', async () => {
  const text = pod('{ containers: [{ name: a, image: !!binary Z2hjci5pby9ldmlsL3g6MQ== }] }');
  const { held } = await inspectChange(changeOf(FILES, extra(text)), 'acme/ops');
  expect(held.flatMap(({ strangers }) => strangers)).toMatchObject([{ repository: 'ghcr.io/evil/x', tag: '1' }]);
});

describe.each<[string, Files, Edits]>([
  ['a transformer of kustomize', FILES, plugin('builtin', 'LabelTransformer', '')],
  ['ksops', FILES, plugin('viaduct.ai/v1', 'ksops', KSOPS)],
  ['a list of a generator', ARGO_FILES, set('[{ list: { elements: [{ a: b }] } }]')],
  [
    'what a generator reads here',
    ARGO_FILES,
    set(
      '[{ git: { repoURL: "https://github.com/acme/ops", revision: main, directories: [{ path: overlays/production/* }] } }]',
    ),
  ],
  [
    'inputs that stand there',
    FLUX_FILES,
    {
      [`${CLUSTER}/s.yaml`]: object(
        'fluxcd.controlplane.io/v1',
        'ResourceSetInputProvider',
        'a',
        'spec: { type: Static, defaultValues: { a: b } }',
      ),
    },
  ],
  [
    'a version that an operator had',
    OPERATED,
    { [`${FOLDER}/e.yaml`]: object('acid.zalan.do/v1', 'postgresql', 'p', 'spec: { version: "16", replicas: 2 }') },
  ],
  ['a tag by its full name, in a base', FILES, remote('https://github.com/acme/base//deploy?ref=refs/tags/v1.2.3')],
  ['a tag of a repository', FLUX_FILES, source('{ tag: v1.2.3 }')],
  ['a commit, whatever branch it is of', FLUX_FILES, source(`{ commit: ${'a1'.repeat(20)}, branch: main }`)],
  ['a file of a release', FILES, remote('https://github.com/acme/base/releases/download/v1.2.3/install.yaml')],
  ['a file of a tag', FILES, remote('https://raw.githubusercontent.com/acme/base/v1.2.3/deploy/install.yaml')],
  ['a file of a version elsewhere', FILES, remote('https://get.acme.dev/base/v1.2.3/install.yaml')],
  ['a program in no cluster', FILES, { 'docs/x.jsonnet': '{}' }],
  [
    'a value that is put somewhere else',
    targeted('foo: 1.0.0', 'config.level'),
    { [`${CLUSTER}/wv.yaml`]: map('foo: 6.6.6') },
  ],
  [
    'values without a version',
    valued('values.yaml: "replicas: 2"'),
    { [`${CLUSTER}/wv.yaml`]: map('values.yaml: "replicas: 3"') },
  ],
  [
    'a generated variable that is no version',
    filledIn('literals: [LEVEL=info]'),
    { [ENTRY]: generator('literals: [LEVEL=debug]') },
  ],
  [
    'a script with an object in it',
    FILES,
    { [`${FOLDER}/x.sh`]: 'kubectl apply -f - <<EOF\napiVersion: v1\n  kind: [\nEOF\n' },
  ],
])('%s', (_name, before, edits) => {
  test('is taken', async () => expect(await problems(before, edits)).toBe(''));
});
