import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { withAllApps, withNamedApps } from '../../src/ops/layouts/named-apps.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from '../ops/verbs/bump/bump-of.js';
import { base, entry, inBoth } from './files.js';

const FILES = {
  ...base('bases/web', 'web'),
  ...base('bases/api', 'api'),
  ...inBoth((environment, versions) => ({
    ...Object.fromEntries(
      ['alpha', 'blue-whale'].map((cluster) => [
        `overlays/${environment}/web/${cluster}/kustomization.yaml`,
        `resources: [../../../../bases/web]\nimages:\n${entry('web', versions.web)}`,
      ]),
    ),
    [`overlays/${environment}/api/kustomization.yaml`]: `resources: [../../../bases/api]\nimages:\n${entry('api', versions.api)}`,
  })),
};

describe('an app with folders of clusters, beside one without', () => {
  test.each([
    ['no file', ''],
    ['lines of the policy', 'overlays: ["overlays/{environment}/{app}", "overlays/{environment}/{app}/*"]\n'],
  ])('is found and bumped in all of its clusters, by %s', async (_, text) => {
    const policy = readPolicy(text === '' ? undefined : text);
    const tree = objectTree(FILES);
    const located = await locateOverlays(tree, policy);
    const all = await withAllApps(tree, located, policy);
    expect(await environmentApps(tree, all, 'production')).toEqual(['api', 'web']);
    const layout = await withNamedApps(tree, located, policy, ['production'], ['web']);
    const overlay = await readOverlay(tree, layout, 'production', 'web');
    const paths = ['alpha', 'blue-whale'].map((name) => `overlays/production/web/${name}/kustomization.yaml`);
    expect(overlay?.files.map(({ path }) => path)).toEqual(paths);
    expect(deployedIn(overlay?.files ?? [], 'web').version).toBe('1.0.0');
    const api = await readOverlay(tree, layout, 'production', 'api');
    expect(api?.files.map(({ path }) => path)).toEqual(['overlays/production/api/kustomization.yaml']);
    const image = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
    const { plan } = await planOverlay(tree, layout, bumpOf('production', image), [image]);
    expect(plan?.state === 'change' ? [...plan.change.files.keys()].sort() : plan).toEqual(paths);
  });
});
