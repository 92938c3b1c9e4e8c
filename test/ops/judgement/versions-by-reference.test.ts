/** Versions behind references that were there: parameters from files, values put somewhere, files that were left idle. */
import { describe, expect, test } from '@jest/globals';
import { ARGO_CD, application } from '../../attacks/support/argocd.js';
import { FLUX, kustomization, PRODUCTION } from '../../attacks/support/flux.js';
import { at, overlay } from '../../attacks/support/plain.js';
import { type Edits, FILES, having, imaged, problems, RELEASE, released } from './chart.js';
import type { Files } from './support.js';

const CLUSTER = 'clusters/production';
const ARGO: Files = { ...ARGO_CD[0] };
const TAG = 'overlays/production/shop/tag.txt';
const FROM_FILE = ', helm: { fileParameters: [{ name: image.tag, path: tag.txt }] }';
const parameters = (version: string): Files => ({
  ...ARGO,
  'argocd/shop-production.yaml': application('production', { more: FROM_FILE }),
  [TAG]: `${version}\n`,
});
const generated = (fields: string, more: Files = {}): Files => ({
  [`${CLUSTER}/kustomization.yaml`]: `resources: [w.yaml]\nconfigMapGenerator: [{ name: wv, ${fields} }]\n`,
  ...more,
});
const from = (more: string) => released(`valuesFrom: [{ kind: ConfigMap, name: wv, valuesKey: foo${more} }]`);
const map = (value: string) => ({
  [`${CLUSTER}/m.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: wv }\ndata: { foo: ${value} }\n`,
});
const FLUXED = FLUX[0]?.[PRODUCTION] ?? '';
const listing = (names: string): Files => ({ [`${CLUSTER}/kustomization.yaml`]: `resources: [${names}]\n` });
const deployment = (image: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\nspec: { template: { spec: { containers: [{ name: x, image: ${image} }] } } }\n`;
const folder = (name: string, version: string): Files => ({
  [`${CLUSTER}/more/${name}/kustomization.yaml`]: 'resources: [x.yaml]\n',
  [`${CLUSTER}/more/${name}/x.yaml`]: deployment(`ghcr.io/evil/x:${version}`),
});
const deploying = (name: string) =>
  kustomization('production', '', `./${CLUSTER}/more/${name}`).replace('name: shop', 'name: more');
const renaming = (text: string) => released(`postRenderers: [{ kustomize: { images: [${text}] } }]`);

describe.each<[string, Files, Edits, string]>([
  ['another text behind a parameter from a file', parameters('1.0.0'), { [TAG]: '6.6.6\n' }, 'parameters from files'],
  [
    'a generated value that is put where a tag is',
    having({ [RELEASE]: from(', targetPath: image.tag'), ...generated('literals: [foo=1.0.0]') }),
    generated('literals: [foo=6.6.6]'),
    'the version 6.6.6 comes into production',
  ],
  [
    'a file that is put where a tag is',
    having({
      [RELEASE]: from(', targetPath: image.tag'),
      ...generated('files: [foo=v.txt]', { [`${CLUSTER}/v.txt`]: '1.0.0\n' }),
    }),
    { ...generated('files: [foo=next.txt]', { [`${CLUSTER}/next.txt`]: '6.6.6\n' }) },
    'the version 6.6.6 comes into production',
  ],
  [
    'a value that is put under a key of its own',
    having({ ...imaged('nginx:{{ .Values.build }}'), [RELEASE]: from(', targetPath: build'), ...map('1.0.0') }),
    map('6.6.6'),
    '6.6.6 (build) comes into production',
  ],
  [
    'a generated file of values',
    having({
      [RELEASE]: from(''),
      ...generated('files: [values.yaml=v.yaml]', { [`${CLUSTER}/v.yaml`]: 'image: { tag: 1.0.0 }\n' }),
    }),
    { [`${CLUSTER}/v.yaml`]: 'image: { tag: 6.6.6 }\n' },
    '6.6.6 (image.tag) comes into production',
  ],
  ['a packed chart', FILES, { 'charts/w/charts/s-1.0.0.tgz': '\u001f\u008b' }, 'a packed chart'],
  [
    'other values of the chart, which lay there',
    having({ 'charts/w/next.yaml': 'image: { repository: ghcr.io/acme/w, tag: 6.6.6 }\n' }),
    { [RELEASE]: (FILES[RELEASE] ?? '').replace('./charts/w,', './charts/w, valuesFiles: [charts/w/next.yaml],') },
    'ghcr.io/acme/w:6.6.6 comes into production',
  ],
  [
    'a file of the folder that nothing listed',
    { ...FILES, ...listing('w.yaml'), [`${CLUSTER}/next.yaml`]: deployment('ghcr.io/evil/x:6') },
    listing('w.yaml, next.yaml'),
    'ghcr.io/evil/x:6 comes into production',
  ],
  [
    'a folder beside, which nothing deployed',
    { ...FILES, ...folder('a', '1'), ...folder('b', '6'), [`${CLUSTER}/more.yaml`]: deploying('a') },
    { [`${CLUSTER}/more.yaml`]: deploying('b') },
    'ghcr.io/evil/x:6 comes into production',
  ],
  [
    "an image in the place of a chart's",
    FILES,
    { [RELEASE]: renaming('{ name: ghcr.io/acme/w, newName: ghcr.io/evil/x }') },
    'ghcr.io/evil/x comes into production in the place of ghcr.io/acme/w',
  ],
  [
    'an image in the place of another, by Flux',
    FILES,
    { [PRODUCTION]: FLUXED.replace('prune', 'images: [{ name: ghcr.io/acme/shop, newName: evil/x }], prune') },
    'evil/x comes into production in the place of ghcr.io/acme/shop',
  ],
  [
    'an image in the place of another, by Argo CD',
    ARGO,
    {
      'argocd/shop-production.yaml': application('production', {
        more: ', kustomize: { images: ["ghcr.io/acme/shop=evil/x"] }',
      }),
    },
    'evil/x comes into production in the place of ghcr.io/acme/shop',
  ],
])('%s', (_name, before, edits, reason) => {
  test('is found', async () => expect(await problems(before, edits)).toContain(reason));
});

describe.each<[string, Files, Edits]>([
  [
    'a parameter from a file that stays',
    parameters('1.0.0'),
    { 'argocd/shop-production.yaml': `# ours\n${application('production', { more: FROM_FILE })}` },
  ],
  [
    'a value that is put somewhere else',
    having({ [RELEASE]: from(', targetPath: level'), ...generated('literals: [foo=1.0.0]') }),
    generated('literals: [foo=6.6.6]'),
  ],
  [
    'values of the chart that stay idle',
    having({ 'charts/w/next.yaml': 'replicas: 1\n' }),
    { 'charts/w/next.yaml': 'replicas: 2\n' },
  ],
  ['an archive in no chart', FILES, { [at('production', 'shop', 'x.tgz')]: '\u001f\u008b' }],
  [
    'the image of the app by another name',
    FILES,
    { [at('production')]: overlay('1.4.0').replace('newTag', 'newName: ghcr.io/acme/shop\n  newTag') },
  ],
])('%s', (_name, before, edits) => {
  test('is taken', async () => expect(await problems(before, edits)).toBe(''));
});
