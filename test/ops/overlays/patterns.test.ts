import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../../src/ops/overlays/environments.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { overlayOfPath } from '../../../src/ops/overlays/overlay-path.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const image = (name: string, tag: string) => `images: [{ name: ghcr.io/acme/${name}, newTag: ${tag} }]\n`;
const values = (name: string, tag: string) => `image: { repository: ghcr.io/acme/${name}, tag: ${tag} }\n`;

/** For each environment, the version of each app with the files that carry it. */
async function read(files: Record<string, string>, text: string) {
  const tree = objectTree(files);
  const policy = readPolicy(text);
  const layout = await locateOverlays(tree, policy);
  const found: Record<string, Record<string, string>> = {};
  for (const environment of await allEnvironments(tree, layout, policy)) {
    const apps: [string, string][] = [];
    for (const app of await environmentApps(tree, layout, environment)) {
      const overlay = await readOverlay(tree, layout, environment, app);
      apps.push([app, `${deployedIn(overlay?.files ?? [], app).version} in ${overlay?.folder}`]);
    }
    found[environment] = Object.fromEntries(apps);
  }
  return { layout, found };
}

describe('a pattern of the policy', () => {
  test('may have a name that is any, at which every folder counts', async () => {
    const { layout, found } = await read(
      {
        'clusters/production/eu/web/kustomization.yaml': image('web', '1.0.0'),
        'clusters/production/us/web/kustomization.yaml': image('web', '1.0.0'),
        'clusters/production/us/api/kustomization.yaml': image('api', '2.0.0'),
        'clusters/staging/eu/web/kustomization.yaml': image('web', '1.1.0'),
        'clusters/common/all/web/kustomization.yaml': image('web', '0.0.0'),
      },
      'overlays: ["clusters/{environment}/*/{app}"]\n',
    );
    expect(layout.templates).toEqual(['clusters/{environment}/eu/{app}', 'clusters/{environment}/us/{app}']);
    expect(found).toEqual({
      production: {
        api: '2.0.0 in clusters/production/us/api',
        web: '1.0.0 in clusters/production/eu/web and clusters/production/us/web',
      },
      staging: { web: '1.1.0 in clusters/staging/eu/web' },
    });
    expect(overlayOfPath(layout, 'clusters/common/all/web/kustomization.yaml')).toBeUndefined();
  });

  test('may end in a file, which is the overlay then', async () => {
    const { layout, found } = await read(
      {
        'charts/web/values.yaml': values('web', '0.0.0'),
        'charts/web/values-staging.yaml': values('web', '1.1.0'),
        'charts/web/values-production.yaml': values('web', '1.0.0'),
        'charts/api/values-staging.yaml': values('api', '2.0.0'),
      },
      'overlays: ["charts/{app}/values-{environment}.yaml"]\n',
    );
    expect(found).toEqual({
      production: { web: '1.0.0 in charts/web/values-production.yaml' },
      staging: { api: '2.0.0 in charts/api/values-staging.yaml', web: '1.1.0 in charts/web/values-staging.yaml' },
    });
    expect(overlayOfPath(layout, 'charts/web/values-staging.yaml')).toMatchObject({
      environment: 'staging',
      app: 'web',
    });
    expect(overlayOfPath(layout, 'charts/web/values.yaml')).toBeUndefined();
  });

  test('may end in a file of several apps, which are told by their images', async () => {
    const { found } = await read(
      {
        'environments/staging/values.yaml': `web:\n  ${values('web', '1.1.0')}api:\n  ${values('api', '2.0.0')}`,
        'environments/production/values.yaml': `web:\n  ${values('web', '1.0.0')}`,
      },
      'overlays: ["environments/{environment}/values.yaml"]\n',
    );
    expect(found).toEqual({
      production: { web: '1.0.0 in environments/production/values.yaml' },
      staging: { api: '2.0.0 in environments/staging/values.yaml', web: '1.1.0 in environments/staging/values.yaml' },
    });
  });

  test('may end in a file of several apps whose tags stand alone', async () => {
    const { found } = await read(
      {
        'environments/staging/values.yaml': `web: {image: {tag: 1.1.0}}\napi: {imageTag: 2.0.0}\nglobal: {image: {tag: 0.0.0}}\nworker:\n  ${values('worker', '3.0.0')}`,
      },
      'overlays: ["environments/{environment}/values.yaml"]\n',
    );
    const where = 'environments/staging/values.yaml';
    expect(found).toEqual({
      staging: { api: `2.0.0 in ${where}`, web: `1.1.0 in ${where}`, worker: `3.0.0 in ${where}` },
    });
  });

  test('is one of several, and an app is looked for in each', async () => {
    const { found } = await read(
      {
        'apps/staging/web/kustomization.yaml': image('web', '1.1.0'),
        'charts/api/values-staging.yaml': values('api', '2.0.0'),
      },
      'overlays:\n  - apps/{environment}/{app}\n  - charts/{app}/values-{environment}.yaml\n',
    );
    expect(found).toEqual({
      staging: { api: '2.0.0 in charts/api/values-staging.yaml', web: '1.1.0 in apps/staging/web' },
    });
  });

  test('that finds nothing is an error', async () => {
    await expect(read({ 'apps/a.yaml': '' }, 'overlays: ["apps/*/{environment}"]\n')).rejects.toThrow(
      'Nothing is where ostack.yaml says that overlays are: apps/*/{environment}.',
    );
  });
});

describe('what the policy says of one app', () => {
  test('is where its overlay is, and it is looked for there alone', async () => {
    const { layout, found } = await read(
      {
        'overlays/staging/api/kustomization.yaml': image('api', '2.0.0'),
        'overlays/staging/web/kustomization.yaml': image('web', '0.0.0'),
        'legacy/web/staging/kustomization.yaml': image('shop', '1.1.0'),
        'legacy/web/production/kustomization.yaml': image('shop', '1.0.0'),
      },
      'apps: { web: { overlay: "legacy/web/{environment}" } }\n',
    );
    expect(found).toEqual({
      production: { web: '1.0.0 in legacy/web/production' },
      staging: { api: '2.0.0 in overlays/staging/api', web: '1.1.0 in legacy/web/staging' },
    });
    const path = 'legacy/web/production/kustomization.yaml';
    expect(overlayOfPath(layout, path)).toMatchObject({ environment: 'production', app: 'web' });
  });

  test('is which images are its own, where several apps share a kustomization', async () => {
    const text =
      'resources: [../../base]\nimages:\n- { name: ghcr.io/acme/storefront, newTag: 1.1.0 }\n- { name: acme/jobs, newTag: 3.0.0 }\n';
    const { found } = await read(
      { 'shop/overlays/staging/kustomization.yaml': text },
      'apps: { web: { images: [ghcr.io/acme/storefront] }, worker: { images: [acme/jobs] } }\n',
    );
    expect(found).toEqual({
      staging: { web: '1.1.0 in shop/overlays/staging', worker: '3.0.0 in shop/overlays/staging' },
    });
  });
});

test('a kustomization whose apps nothing names has those that its images name', async () => {
  const { found } = await read(
    {
      'shop/base/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'shop/overlays/staging/kustomization.yaml':
        'resources: [../../base]\nimages:\n- { name: ghcr.io/acme/web, newTag: 1.1.0 }\n- { name: ghcr.io/acme/web-jobs, newTag: 1.1.0 }\n',
    },
    'overlay: shop/overlays/{environment}\n',
  );
  expect(found).toEqual({ staging: { web: '1.1.0 in shop/overlays/staging' } });
});
