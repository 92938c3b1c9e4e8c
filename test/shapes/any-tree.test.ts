import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { UnclearLayout } from '../../src/ops/layouts/unclear-layout.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { NO_POLICY, readPolicy } from '../../src/ops/policy/policy.js';
import { countingTree } from './counting-tree.js';

const NEVER = ['base', 'bases', 'common', 'components', 'crds', 'default', 'shared', 'overlays', 'flux-system'];
const folder = fc.constantFrom(
  ...NEVER,
  ...['apps', 'k8s', 'charts', 'clusters', 'envs', 'environments', 'infrastructure', 'tenants', 'argocd', 'config'],
  ...['staging', 'production', 'dev', 'test', 'moc-prod', 'eu-1', 'us-1', 'edge', 'web', 'api', 'shop', 'src'],
);
const TEXTS: Readonly<Record<string, string>> = {
  'kustomization.yaml': 'resources:\n- ../base\nimages:\n- name: ghcr.io/acme/web\n  newTag: 1.0.0\n',
  'values.yaml': 'image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n',
  'values-staging.yaml': 'image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n',
  'web.yaml': 'kind: HelmRelease\nspec: { values: { image: { repository: ghcr.io/acme/web, tag: 1.0.0 } } }\n',
  'web-values.yaml': 'image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n',
  'apps.yaml': 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: { path: ./apps/staging }\n',
  'Chart.yaml': 'name: web\n',
  'helmfile.yaml': '{{ template }}\n',
};
const file = fc.constantFrom(...Object.keys(TEXTS));
const path = fc.tuple(fc.array(folder, { minLength: 0, maxLength: 4 }), file).map((parts) => parts.flat().join('/'));
const trees = fc
  .uniqueArray(path, { minLength: 1, maxLength: 14 })
  // A folder is no file.
  .map((paths) => Object.fromEntries(paths.map((each) => [each, TEXTS[each.split('/').at(-1) ?? ''] ?? ''])));

/** Requests beyond the root, however odd the tree is: most take two for the shape and two for objects. */
const MOST = 9;

test('any tree is a layout without folders that are never environments, or a question, in few requests', async () => {
  await fc.assert(
    fc.asyncProperty(trees, async (files) => {
      const { tree, requests } = countingTree(files);
      const layout = await locateOverlays(tree, NO_POLICY).catch((error: unknown) => error);
      expect(requests() - 1).toBeLessThanOrEqual(MOST);
      if (layout instanceof Error) {
        expect(layout).toBeInstanceOf(UnclearLayout);
        return;
      }
      const found = await locateOverlays(tree, NO_POLICY);
      expect(found).toEqual(layout);
      const environments = await allEnvironments(tree, found, NO_POLICY);
      expect(environments.filter((name) => NEVER.includes(name))).toEqual([]);
      await Promise.all(environments.map((environment) => environmentApps(tree, found, environment)));
    }),
    { numRuns: 150 },
  );
});

test('where a policy names environments, nothing else is one', async () => {
  const policy = readPolicy('environments: { staging: {}, earth: {} }\n');
  await fc.assert(
    fc.asyncProperty(trees, async (files) => {
      const { tree } = countingTree(files);
      const layout = await locateOverlays(tree, policy).catch((error: unknown) => error);
      if (layout instanceof Error) {
        expect(layout).toBeInstanceOf(UnclearLayout);
        return;
      }
      expect((await locateOverlays(tree, policy)).environments).toEqual(['staging', 'earth']);
    }),
    { numRuns: 100 },
  );
});
