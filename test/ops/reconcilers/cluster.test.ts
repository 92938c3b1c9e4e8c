import { describe, expect, test } from '@jest/globals';
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
