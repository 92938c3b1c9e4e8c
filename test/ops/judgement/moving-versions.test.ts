/** What lets versions move past the repository, by branches that nobody judges or by programs in the cluster. */
import { describe, expect, test } from '@jest/globals';
import { ARGO_CD, application } from '../../attacks/support/argocd.js';
import { FLUX, source } from '../../attacks/support/flux.js';
import { at, FILES, overlay, ROLES } from '../../attacks/support/plain.js';
import { type Edits, problems } from './chart.js';
import type { Files } from './support.js';

const ARGO: Files = { ...ARGO_CD[0] };
const FLUXED: Files = { ...FLUX[0] };
const APPLICATION = 'argocd/shop-production.yaml';
const INSTANCE = 'clusters/production/flux.yaml';
const instance = (url: string, ref: string, path = 'clusters/production') =>
  `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { distribution: { version: "2.x", registry: ghcr.io/fluxcd }, sync: { kind: GitRepository, url: "https://github.com/${url}", ref: ${ref}, path: ${path} } }\n`;
const SYNCED = { ...FLUXED, [INSTANCE]: instance('acme/ops', 'refs/heads/main') };
const generated = (revision: string) => ({
  'argocd/set.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: s, namespace: argocd }\nspec:\n  goTemplate: true\n  generators: [{ list: { elements: [{ a: b }] } }]\n  template: { metadata: { name: x }, spec: { project: default, destination: { name: production, namespace: shop }, source: { repoURL: "https://github.com/evil/x", targetRevision: '${revision}', path: x } } }\n`,
});
const updater = (method: string): Edits => ({
  'overlays/production/podinfo/u.yaml': `apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: { name: u, namespace: argocd }\nspec: { ${method}applicationRefs: [{ namePattern: "*", images: [{ alias: shop, imageName: ghcr.io/acme/shop }] }] }\n`,
});
const annotated = (annotations: string): Edits => ({
  [APPLICATION]: application('production').replace('metadata: { ', `metadata: { annotations: { ${annotations} }, `),
});
const LIST = 'argocd-image-updater.argoproj.io/image-list: "shop=ghcr.io/acme/shop"';

describe.each<[string, Files, Edits, string]>([
  [
    'another branch, by Flux',
    FLUXED,
    { 'infrastructure/ops.yaml': source('{ branch: mallory }') },
    'acme/ops at mallory, which anybody with write access makes',
  ],
  [
    'a branch that the policy says of another repository',
    { ...FLUXED, 'ostack.yaml': ROLES.replace('{ after', '{ branch: env/production, repository: acme/prod, after') },
    { 'infrastructure/ops.yaml': source('{ branch: env/production }') },
    'acme/ops at env/production, which anybody',
  ],
  [
    'a tag of this repository',
    FLUXED,
    { 'infrastructure/ops.yaml': source('{ tag: v1.2.3 }') },
    'acme/ops at v1.2.3, which anybody',
  ],
  [
    'a commit of this repository',
    FLUXED,
    { 'infrastructure/ops.yaml': source(`{ commit: ${'a1'.repeat(20)} }`) },
    'which anybody with write access makes',
  ],
  [
    'another branch, by Argo CD',
    ARGO,
    { [APPLICATION]: application('production', { revision: 'mallory' }) },
    'acme/ops at mallory, which anybody',
  ],
  [
    'a second source',
    ARGO,
    {
      [APPLICATION]: application('production').replace(
        '  source: {',
        '  sources: [{ repoURL: "https://github.com/evil/x", targetRevision: main, path: y }]\n  source: {',
      ),
    },
    'https://github.com/evil/x at no exact version',
  ],
  ['a branch between braces', ARGO, generated('{{ "main" }}'), 'https://github.com/evil/x at no exact version'],
  [
    'another folder, by Flux Operator',
    SYNCED,
    { [INSTANCE]: instance('acme/ops', 'refs/heads/main', 'clusters/staging') },
    'ghcr.io/acme/shop:1.5.0 comes into production',
  ],
  [
    'another branch, by Flux Operator',
    SYNCED,
    { [INSTANCE]: instance('acme/ops', 'refs/heads/mallory') },
    'acme/ops at refs/heads/mallory, which anybody',
  ],
  [
    'another repository, by Flux Operator',
    SYNCED,
    { [INSTANCE]: instance('evil/ops', 'refs/heads/main') },
    'https://github.com/evil/ops at no exact version',
  ],
  [
    'an annotation of Keel',
    FILES,
    { [at('production')]: overlay('1.4.0', 'shop', 'commonAnnotations: { keel.sh/policy: all }\n') },
    'keel.sh/policy moves versions in production',
  ],
  ['an annotation for Argo CD Image Updater', ARGO, annotated(LIST), 'image-list moves versions in production'],
  ['an object for it', ARGO, updater(''), 'ImageUpdater u moves versions in production'],
])('%s', (_name, before, edits, reason) => {
  test('is found', async () => expect(await problems(before, edits)).toContain(reason));
});

describe.each<[string, Files, Edits]>([
  ['the default branch', FLUXED, { 'infrastructure/ops.yaml': source('{ branch: main }').replace('1m', '2m') }],
  ['the default branch, by no name', ARGO, { [APPLICATION]: application('production', { revision: 'HEAD' }) }],
  [
    'a branch that the policy says',
    { ...FLUXED, 'ostack.yaml': ROLES.replace('{ after', '{ branch: env/production, after') },
    { 'infrastructure/ops.yaml': source('{ branch: env/production }') },
  ],
  [
    'what was followed before',
    { ...FLUXED, 'infrastructure/ops.yaml': source('{ branch: old }') },
    { 'infrastructure/ops.yaml': source('{ branch: old }').replace('1m', '2m') },
  ],
  ['what a generator fills in', ARGO, generated('{{ .version }}')],
  ['a sync that is the same', SYNCED, { [INSTANCE]: `# ours\n${SYNCED[INSTANCE]}` }],
  [
    'an annotation that turns Keel off',
    FILES,
    { [at('production')]: overlay('1.4.0', 'shop', 'commonAnnotations: { keel.sh/policy: never }\n') },
  ],
  [
    'an updater that writes to git',
    ARGO,
    annotated(`${LIST}, argocd-image-updater.argoproj.io/write-back-method: "git:secret:x"`),
  ],
  ['an object for it that writes to git', ARGO, updater('writeBackConfig: { method: git }, ')],
])('%s', (_name, before, edits) => {
  test('is taken', async () =>
    expect(await problems(before, edits)).not.toMatch(/which anybody|at no exact|moves versions/));
});
