/** Ways to another version that no `image:` shows, and what is like them and harmless. */
import { describe, expect, test } from '@jest/globals';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { ARGO_CD, application } from '../../attacks/support/argocd.js';
import { FLUX, kustomization, PRODUCTION } from '../../attacks/support/flux.js';
import { at, FILES, overlay } from '../../attacks/support/plain.js';
import { changeOf, type Files } from './support.js';

type Edits = Record<string, string | undefined>;

const FLUX_FILES: Files = { ...FLUX[0], 'clusters/production/kustomization.yaml': 'resources: [shop.yaml]\n' };
const ARGO_CD_FILES: Files = { ...ARGO_CD[0] };
const FOLDER = 'overlays/production/shop';
const FILE = at('production');
const STAGING = kustomization('production', '', './overlays/staging/shop');
const deployment = (image: string, name = 'shop') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec: { template: { spec: { containers: [{ name: ${name}, image: "${image}" }] } } }\n`;
const indented = (text: string, spaces: number) => text.trimEnd().replaceAll('\n', `\n${' '.repeat(spaces)}`);

/** Production's kustomization with something more in it. */
const more = (text: string, files: Files = {}): Files => ({ [FILE]: overlay('1.4.0', 'shop', text), ...files });
const taking = (path: string) => overlay('1.4.0').replace('bases/shop', `bases/shop, ${path}`);
const REPLACEMENTS = (field: string, kind = 'Deployment') =>
  `replacements:\n- source: { kind: ConfigMap, name: version, fieldPath: data.image }\n  targets: [{ select: { kind: ${kind} }, fieldPaths: [${field}] }]\n`;
const plugin = (apiVersion: string, kind: string, rest: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n${rest}\n`;
const VERSION = (image: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: version }\ndata: { image: "${image}" }\n`;
const patched = (target: string, patch: string): Edits => ({
  'clusters/production/kustomization.yaml': `resources: [shop.yaml]\npatches:\n- target: { ${target} }\n  patch: |\n    ${indented(patch, 4)}\n`,
});
const release = (rest: string): Edits => ({
  'clusters/production/podinfo.yaml': (FLUX_FILES['clusters/production/podinfo.yaml'] ?? '').replace(
    'spec: {',
    `spec: { ${rest},`,
  ),
});
const set = (rest: string): Edits => ({
  'clusters/production/set.yaml': plugin('fluxcd.controlplane.io/v1', 'ResourceSet', `spec:\n  ${rest}`),
});

/** What production is told of a change. */
async function problems(before: Files, edits: Edits): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const moves = facts.held.filter((each) => each.environment === 'production' && each.moves);
  const messages = (facts.problems.get('production') ?? []).map(({ message }) => message);
  return [...messages, ...moves.map(({ app, version }) => `moves ${app} to ${version}`)].join(' | ');
}

const HIDDEN: [string, Files, Edits, string][] = [
  [
    'a manifest of no ending',
    FILES,
    { [FILE]: taking('extra'), [`${FOLDER}/extra`]: deployment('ghcr.io/evil/x:1', 'x') },
    'moves shop',
  ],
  [
    'a manifest in a List',
    FILES,
    {
      [FILE]: taking('extra.yaml'),
      [`${FOLDER}/extra.yaml`]: `kind: List\napiVersion: v1\nitems:\n- ${indented(deployment('ghcr.io/evil/x:1', 'x'), 2)}\n`,
    },
    'moves shop',
  ],
  [
    'a replacement of the image',
    FILES,
    more(REPLACEMENTS('spec.template.spec.containers.0.image')),
    'made with "replacements" of images',
  ],
  [
    'what a replacement copies',
    {
      ...FILES,
      ...more(REPLACEMENTS('spec.template.spec.containers.0.image')),
      [FILE]: `${taking('version.yaml')}${REPLACEMENTS('spec.template.spec.containers.0.image')}`,
      [`${FOLDER}/version.yaml`]: VERSION('1.4.0'),
    },
    { [`${FOLDER}/version.yaml`]: VERSION('9.9.9') },
    'made with "replacements" of images',
  ],
  [
    'a transformer of images',
    FILES,
    more('transformers: [t.yaml]\n', {
      [`${FOLDER}/t.yaml`]: plugin(
        'builtin',
        'ImageTagTransformer',
        'imageTag: { name: ghcr.io/acme/shop, newTag: 9.9.9 }',
      ),
    }),
    'made with the transformer ImageTagTransformer',
  ],
  [
    'a transformer as a text',
    FILES,
    more(`transformers:\n- |\n  ${indented(plugin('acme.dev/v1', 'Foo', 'a: 1'), 2)}\n`),
    'made with the transformer Foo',
  ],
  [
    'a generator of anything',
    FILES,
    more('generators: [g.yaml]\n', { [`${FOLDER}/g.yaml`]: plugin('acme.dev/v1', 'Foo', 'a: 1') }),
    'made with the generator Foo',
  ],
  [
    'where images are said to be',
    FILES,
    more('configurations: [c.yaml]\n', { [`${FOLDER}/c.yaml`]: 'images: [{ path: spec/x }]\n' }),
    'made with "configurations"',
  ],
  [
    'a patch that copies',
    FILES,
    more(
      'patches:\n- target: { kind: Deployment }\n  patch: "[{ op: copy, from: /metadata/annotations/v, path: /spec/template/spec/containers/0/image }]"\n',
    ),
    'made with a patch that copies into an image',
  ],
  ['a file that is to come', FILES, { [FILE]: taking('../../../docs/x.yaml') }, 'take in ../../../docs/x.yaml'],
  [
    'a chart that is to come',
    FILES,
    more('helmCharts: [{ name: shop }]\nhelmGlobals: { chartHome: ../../../docs }\n'),
    'take in ../../../docs/shop',
  ],
  [
    'a chart in a folder of documents',
    {
      ...FILES,
      ...more('helmCharts: [{ name: shop }]\nhelmGlobals: { chartHome: ../../../docs }\n'),
      'docs/shop/Chart.yaml': 'name: shop\nversion: 1.0.0\n',
    },
    { 'docs/shop/templates/x.yaml': 'image: ghcr.io/evil/x:1 # {{ .Values.x }}\n' },
    'ghcr.io/evil/x:1 comes into production',
  ],
  [
    'a template in no chart',
    FILES,
    {
      [FILE]: taking('extra.yaml'),
      [`${FOLDER}/extra.yaml`]: `# {{ x }}\n${deployment('x', 'x')}metadata: { name: y }\n`,
    },
    'not valid YAML',
  ],
  [
    'a program',
    ARGO_CD_FILES,
    { [`${FOLDER}/x.jsonnet`]: '{ image: "ghcr.io/evil/x:1" }' },
    'ghcr.io/evil/x:1 comes into production',
  ],
  [
    'an encrypted image',
    FILES,
    { [FILE]: taking('extra.yaml'), [`${FOLDER}/extra.yaml`]: deployment('ENC[AES256_GCM,data:x]', 'x') },
    'that is encrypted',
  ],
  [
    'a file of parameters of Argo CD',
    ARGO_CD_FILES,
    { [`${FOLDER}/.argocd-source.yaml`]: 'kustomize: { images: ["ghcr.io/acme/shop:9.9.9"] }\n' },
    '9.9.9',
  ],
  [
    'an Application in a List',
    ARGO_CD_FILES,
    {
      'argocd/shop-production.yaml': `kind: List\napiVersion: v1\nitems:\n- ${indented(application('production', { path: 'overlays/staging/shop' }), 2)}\n`,
    },
    'ghcr.io/acme/shop:1.5.0 comes into production',
  ],
  [
    'a patch of the path as a list',
    FLUX_FILES,
    patched('kind: Kustomization', '[{ op: replace, path: /spec/path, value: ./overlays/staging/shop }]'),
    'made with a patch of what Kustomization deploys',
  ],
  [
    'a patch of the path for any kind',
    FLUX_FILES,
    patched('name: shop', '[{ op: replace, path: /spec/path, value: ./overlays/staging/shop }]'),
    'made with a patch of what',
  ],
  [
    'a patch of the path under another name',
    FLUX_FILES,
    patched(
      'kind: Kustom.*',
      'kind: X\napiVersion: v1\nmetadata: { name: x }\nspec: { path: ./overlays/staging/shop }',
    ),
    'made with a patch of what',
  ],
  [
    'a patch of the path as an object',
    FLUX_FILES,
    {
      'clusters/production/kustomization.yaml': `resources: [shop.yaml]\npatches:\n- patch: |\n    ${indented(STAGING, 4)}\n`,
    },
    'ghcr.io/acme/shop:1.5.0 comes into production',
  ],
  [
    'a patch in a Kustomization of Kustomizations',
    FLUX_FILES,
    {
      [PRODUCTION]: kustomization(
        'production',
        ', patches: [{ target: { kind: Kustomization }, patch: "[{ op: add, path: /spec/path, value: ./overlays/staging/shop }]" }]',
      ),
    },
    'made with a patch of what',
  ],
  [
    'a replacement of the path',
    FLUX_FILES,
    {
      'clusters/production/kustomization.yaml': `resources: [shop.yaml]\n${REPLACEMENTS('spec.path', 'Kustomization')}`,
    },
    'made with "replacements" of images',
  ],
  [
    'a Kustomization in a List',
    FLUX_FILES,
    { [PRODUCTION]: `kind: List\napiVersion: v1\nitems:\n- ${indented(STAGING, 2)}\n` },
    'ghcr.io/acme/shop:1.5.0 comes into production',
  ],
  [
    'a Kustomization in a ResourceSet',
    FLUX_FILES,
    set(`resources:\n  - ${indented(STAGING, 4)}`),
    'ghcr.io/acme/shop:1.5.0 comes into production',
  ],
  [
    'a template of a ResourceSet',
    FLUX_FILES,
    set(`resourcesTemplate: |\n    ${indented(STAGING, 4)}`),
    'ghcr.io/acme/shop:1.5.0 comes into production',
  ],
  [
    'a template of a ResourceSet that is none',
    FLUX_FILES,
    set('resourcesTemplate: "<<- range $x >>"'),
    'made with "resourcesTemplate"',
  ],
  [
    'a value under a key of its own',
    FLUX_FILES,
    release('values: { mine: "ghcr.io/evil/x:1" }'),
    'ghcr.io/evil/x:1 comes into production',
  ],
];

describe.each(HIDDEN)('%s', (_name, before, edits, reason) => {
  test('is found', async () => expect(await problems(before, edits)).toContain(reason));
});

const HARMLESS: [string, Files, Edits][] = [
  ['a label for all', FILES, more('labels: [{ pairs: { team: shop } }]\n')],
  [
    'a transformer of names',
    FILES,
    more('transformers: [t.yaml]\n', {
      [`${FOLDER}/t.yaml`]: plugin('builtin', 'LabelTransformer', 'labels: { a: b }'),
    }),
  ],
  [
    'secrets that are decrypted',
    FILES,
    more('generators: [g.yaml]\n', {
      [`${FOLDER}/g.yaml`]: plugin('viaduct.ai/v1', 'ksops', 'files: [secret.yaml]'),
      [`${FOLDER}/secret.yaml`]: 'kind: Secret\nstringData: { password: "ENC[x]" }\n',
    }),
  ],
  [
    'a check of what is built',
    FILES,
    more('validators: [v.yaml]\n', { [`${FOLDER}/v.yaml`]: plugin('acme.dev/v1', 'Foo', 'a: 1') }),
  ],
  ['a replacement of something else', FILES, more(REPLACEMENTS('metadata.annotations.version'))],
  [
    'a patch that copies something else',
    FILES,
    more(
      'patches:\n- target: { kind: Deployment }\n  patch: "[{ op: copy, from: /metadata/labels/a, path: /metadata/labels/b }]"\n',
    ),
  ],
  ['an image in a comment', FILES, more('# was ghcr.io/evil/x:1\n')],
  [
    'a patch of how often a Kustomization is looked at',
    FLUX_FILES,
    patched('kind: Kustomization', '[{ op: replace, path: /spec/interval, value: 1m }]'),
  ],
  [
    'a patch of pods for any kind',
    FLUX_FILES,
    patched('name: shop', '[{ op: add, path: /spec/template/metadata/labels/a, value: b }]'),
  ],
  [
    'a key that looks like an image',
    FLUX_FILES,
    release('values: { "prometheus.io/scrape": "true", cidr: 10.0.0.0/8 }'),
  ],
];

describe.each(HARMLESS)('%s', (_name, before, edits) => {
  test('is taken', async () => expect(await problems(before, edits)).toBe(''));
});

test('what was there before is left alone', async () => {
  const transformed = more('transformers: [t.yaml]\nreplacements: []\n', {
    [`${FOLDER}/t.yaml`]: plugin('acme.dev/v1', 'Foo', 'a: 1'),
  });
  const before: Files = { ...FILES, ...transformed };
  expect(
    await problems(before, { [`${FOLDER}/note.yaml`]: 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\n' }),
  ).toBe('');
  expect(await problems(before, { [`${FOLDER}/t.yaml`]: plugin('acme.dev/v1', 'Foo', 'a: 2') })).toContain(
    'the transformer Foo',
  );
});
