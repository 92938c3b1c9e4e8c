import { expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { allEnvironments, environmentsOf } from '../../../src/ops/overlays/environments.js';
import { misnamedFolders } from '../../../src/ops/overlays/misnamed-folders.js';
import { overlayOfPath } from '../../../src/ops/overlays/overlay-path.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const FLUX = objectTree({
  'apps/base/web/kustomization.yaml': 'resources: [release.yaml]\n',
  'apps/production/kustomization.yaml': 'resources: [../base/web]\n',
  'apps/staging/kustomization.yaml': 'resources: [../base/web]\n',
  'apps/edge/kustomization.yaml': 'resources: [../base/web]\n',
  'apps/.hidden/kustomization.yaml': 'resources: [../base/web]\n',
  'apps/_retired/kustomization.yaml': 'resources: [../base/web]\n',
  'clusters/production/apps.yaml': '',
  'clusters/staging/apps.yaml': '',
});

test.each(['base', 'bases', 'common', 'components', 'shared', 'crds', 'lib', 'templates', 'charts', '.github', '_old'])(
  'a folder %j beside environments is none',
  async (name) => {
    const tree = objectTree({ [`overlays/${name}/web/a.yaml`]: '', 'overlays/live/web/a.yaml': '' });
    const layout = await locateOverlays(tree, readPolicy(undefined));
    expect(await environmentsOf(tree, layout, '')).toEqual(['live']);
    expect(overlayOfPath(layout, `overlays/${name}/web/a.yaml`)).toBeUndefined();
    expect(overlayOfPath(layout, 'overlays/live/web/a.yaml')).toMatchObject({ environment: 'live' });
  },
);

test("in Flux's monorepo the base is no environment", async () => {
  const layout = await locateOverlays(FLUX, readPolicy('overlay: apps/{environment}\n'));
  expect(await environmentsOf(FLUX, layout, '')).toEqual(['edge', 'production', 'staging']);
  expect(overlayOfPath(layout, 'apps/base/web/kustomization.yaml')).toBeUndefined();
});

test('where the policy names environments, no other folder is one', async () => {
  const policy = readPolicy(
    'overlay: apps/{environment}\nenvironments: { staging: {}, production: { after: staging } }\n',
  );
  const layout = await locateOverlays(FLUX, policy);
  expect(await environmentsOf(FLUX, layout, '')).toEqual(['production', 'staging']);
  expect(await allEnvironments(FLUX, layout, policy)).toEqual(['staging', 'production']);
  expect(overlayOfPath(layout, 'apps/edge/kustomization.yaml')).toBeUndefined();
  expect(overlayOfPath(layout, 'apps/staging/kustomization.yaml')).toMatchObject({ environment: 'staging' });
});

test('a folder that is no environment is not reported for its name either', async () => {
  const tree = objectTree({ 'overlays/not one/web/a.yaml': '', 'overlays/staging/my web/a.yaml': '' });
  const layout = await locateOverlays(tree, readPolicy('environments: { staging: {} }\n'));
  expect(await misnamedFolders(tree, layout)).toHaveLength(1);
});
