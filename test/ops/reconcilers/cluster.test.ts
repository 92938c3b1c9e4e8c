import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import type { ReconcilerName } from '../../../src/ops/reconcilers/all.js';
import { readCluster } from '../../../src/ops/reconcilers/cluster.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const KUSTOMIZATION =
  'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: { sourceRef: { kind: GitRepository, name: ops } }\n';
const APPLICATION = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: shop }\n';

describe('the reconciler of a cluster', () => {
  test.each<[string, Record<string, string>, ReconcilerName | undefined, ReconcilerName | undefined]>([
    ['is Flux where a Kustomization takes a GitRepository', { 'shop.yaml': KUSTOMIZATION }, undefined, 'flux'],
    ['is Argo CD where there is an Application', { 'shop.yaml': APPLICATION }, undefined, 'argocd'],
    ['is Flux where there are both', { 'a.yaml': APPLICATION, 'b.yaml': KUSTOMIZATION }, undefined, 'flux'],
    ['is asked for where nothing shows it', { 'broken.yaml': 'a: [1\n' }, undefined, undefined],
    ['is the one that the policy names', { 'shop.yaml': KUSTOMIZATION }, 'argocd', 'argocd'],
  ])('%s', async (_, files, named, expected) => {
    const tree = objectTree(
      Object.fromEntries(Object.entries(files).map(([file, text]) => [`clusters/eu/${file}`, text])),
    );
    const { reconciler, listed } = await readCluster(tree, 'eu', named);
    expect(reconciler?.name).toBe(expected);
    expect(listed).toBeUndefined();
  });

  test('is read with what the cluster’s kustomization lists', async () => {
    const tree = objectTree({ 'clusters/eu/kustomization.yaml': 'resources: [shop.yaml, previews]\n' });
    expect((await readCluster(tree, 'eu', undefined)).listed).toEqual(['shop.yaml', 'previews']);
  });
});

const REPOSITORY = (name: string, more: string) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: ssh://git@github.com/acme/ops, ${more} }\n`;
const INSTANCE = (sync: string) =>
  `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { sync: { kind: GitRepository, url: https://github.com/acme/ops.git, ref: refs/heads/main, ${sync} } }\n`;

describe('what Flux reads the repository with is found by its objects', () => {
  test.each<[file: string, text: string, expected: object]>([
    [
      'flux-system/gotk-sync.yaml',
      REPOSITORY('flux-system', 'secretRef: { name: key }'),
      { secretRef: { name: 'key' } },
    ],
    ['flux-system/sync.yml', REPOSITORY('ops', 'secretRef: { name: key }'), { secretRef: { name: 'key' } }],
    ['flux-system/a.yaml', REPOSITORY('ops', 'provider: github'), { provider: 'github' }],
    [
      'flux-instance.yaml',
      INSTANCE('pullSecret: key'),
      { url: 'https://github.com/acme/ops.git', secretRef: { name: 'key' } },
    ],
    [
      'flux-system/instance.yaml',
      INSTANCE('name: ops, pullSecret: key, provider: github'),
      { secretRef: { name: 'key' }, provider: 'github' },
    ],
  ])('%s', async (file, text, expected) => {
    const name = text.includes('name: ops') ? 'ops' : 'flux-system';
    const tree = objectTree({
      [`clusters/eu/${file}`]: text,
      'clusters/eu/shop.yaml': KUSTOMIZATION.replace('name: ops', `name: ${name}`),
      'clusters/eu/flux-system/gotk-components.yaml': REPOSITORY('other', 'secretRef: { name: other }'),
    });
    const cluster = await readCluster(tree, 'eu', undefined);
    const target = { ...cluster, branch: 'ostack/previews', repositoryUrl: undefined };
    const [made] = parseAllDocuments(cluster.reconciler?.previews.object('previews/clusters/eu', target) ?? '');
    expect(made?.toJS()).toMatchObject({
      kind: 'GitRepository',
      spec: { ref: { branch: 'ostack/previews' }, ...expected },
    });
  });

  test('also where there is nothing else of Flux', async () => {
    const tree = objectTree({ 'clusters/eu/flux-system/instance.yaml': INSTANCE('pullSecret: key') });
    expect((await readCluster(tree, 'eu', undefined)).reconciler?.name).toBe('flux');
    const charts = INSTANCE('pullSecret: key').replace('kind: GitRepository', 'kind: OCIRepository');
    const other = objectTree({ 'clusters/eu/flux-system/instance.yaml': charts });
    expect((await readCluster(other, 'eu', undefined)).reconciler).toBeUndefined();
  });
});
