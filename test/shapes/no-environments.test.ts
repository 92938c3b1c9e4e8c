import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';

const own = 'images:\n- name: ghcr.io/acme/web\n  newTag: 1.0.0\n';
const values = 'image:\n  repository: ghcr.io/acme/web\n  tag: 1.0.0\n';

/** What is taken for what: the environments of a tree with their apps, or the beginning of the question. */
async function taken(files: Record<string, string>, policyText?: string): Promise<Record<string, string[]> | string> {
  const policy = readPolicy(policyText);
  const tree = objectTree(files);
  try {
    const layout = await locateOverlays(tree, policy);
    const environments = await allEnvironments(tree, layout, policy);
    const apps = await Promise.all(environments.map((environment) => environmentApps(tree, layout, environment)));
    return Object.fromEntries(environments.map((environment, index) => [environment, apps[index] ?? []]));
  } catch (error) {
    return error instanceof Error ? (error.message.split(/[.:]/)[0] ?? '') : String(error);
  }
}

describe('folders that are no environments', () => {
  const CASES: [string, Record<string, string>, Record<string, string[]> | string][] = [
    [
      'variants of apps',
      { 'apps/web/overlays/with-tls/kustomization.yaml': own, 'apps/api/overlays/stable/kustomization.yaml': own },
      'No overlays found',
    ],
    [
      'variants beside environments, which may be some',
      { 'apps/web/overlays/production/kustomization.yaml': own, 'apps/web/overlays/edge/kustomization.yaml': own },
      'In apps/web/overlays there are production, which are taken for environments, and edge, which may be some too',
    ],
    [
      'variants of several apps, beside no environment',
      {
        'apps/api/overlays/stable/kustomization.yaml': own,
        'apps/web/overlays/stable/kustomization.yaml': own,
        'apps/jobs/overlays/staging/kustomization.yaml': own,
      },
      'In apps/api/overlays there are stable, where other apps have staging, which are taken for environments',
    ],
    [
      'the same names as beside environments elsewhere are environments',
      {
        'web/base/kustomization.yaml': 'resources: [a.yaml]\n',
        'web/overlays/stage0/kustomization.yaml': own,
        'web/overlays/osaka0/kustomization.yaml': own,
        'api/base/kustomization.yaml': 'resources: [a.yaml]\n',
        'api/overlays/osaka0/kustomization.yaml': own,
      },
      { osaka0: ['api', 'web'], stage0: ['web'] },
    ],
    [
      'base and default in every place',
      {
        'apps/web/overlays/default/kustomization.yaml': own,
        'apps/web/overlays/base/kustomization.yaml': own,
        'apps/web/overlays/staging/kustomization.yaml': own,
      },
      { staging: ['web'] },
    ],
    [
      'Components that environments take in',
      {
        'variants/prod/kustomization.yaml': 'kind: Component\npatches: []\n',
        'variants/asia/kustomization.yaml': 'kind: Component\npatches: []\n',
        'envs/prod-asia/kustomization.yaml': `components: [../../variants/prod]\n${own}`,
      },
      { 'prod-asia': ['web'] },
    ],
    [
      'folders in a chart, beside values of environments',
      {
        'charts/web/Chart.yaml': 'name: web\n',
        'charts/web/values-staging.yaml': values,
        'charts/web/demo/values-eks.yaml': values,
      },
      { staging: ['web'] },
    ],
    [
      'an app that is called like one, among other apps',
      {
        'components/integration/staging/kustomization.yaml': own,
        'components/web/staging/kustomization.yaml': own,
        'components/web/production/kustomization.yaml': own,
      },
      { production: ['web'], staging: ['integration', 'web'] },
    ],
    [
      'an app at the root that is called like one',
      {
        'sandbox/overlays/staging/kustomization.yaml': own,
        'sandbox/base/kustomization.yaml': 'resources: [a.yaml]\n',
        'web/overlays/staging/kustomization.yaml': own,
        'web/base/kustomization.yaml': 'resources: [a.yaml]\n',
      },
      { staging: ['sandbox', 'web'] },
    ],
    [
      'tests of sources, and secrets',
      {
        'src/app/test/a.yaml': 'a: 1\n',
        'images/base/test/a.yaml': 'a: 1\n',
        'secrets/dev/a.yaml': 'a: 1\n',
        'apps/web/overlays/dev/kustomization.yaml': own,
      },
      { dev: ['web'] },
    ],
    ['a folder of tests in one app', { 'components/web/test/a.yaml': 'a: 1\n' }, 'No overlays found'],
    [
      'teams, whose folders hold no apps',
      {
        'tenants/base/shop/rbac.yaml': 'kind: RoleBinding\n',
        'tenants/staging/kustomization.yaml': 'resources: [../base/shop]\n',
        'tenants/production/kustomization.yaml': 'resources: [../base/shop]\n',
      },
      'No overlays found',
    ],
    [
      'folders of an environment in a folder of apps',
      { 'apps/shop/staging/web/kustomization.yaml': own, 'apps/shop/production/web/kustomization.yaml': own },
      'No overlays found',
    ],
    [
      'regions, of which each has environments in it',
      { 'eu-1/production/kustomization.yaml': `resources: [../../base]\n${own}`, 'base/kustomization.yaml': '' },
      { production: ['web'] },
    ],
    [
      'settings of an environment, which are no apps',
      { 'apps/staging/limits.yaml': 'memory: 1Gi\n', 'apps/staging/hosts.yaml': 'a: b\n' },
      'No overlays found',
    ],
    [
      'charts of a repository that helmfile deploys',
      { 'helmfile.yaml': 'releases: []\n', 'charts/web/values-test.yaml': values },
      'No overlays found',
    ],
  ];

  test.each(CASES)('%s', async (_, files, expected) => {
    expect(await taken(files)).toEqual(expected);
  });

  test('nothing is one that a policy does not name', async () => {
    const files = {
      'apps/web/overlays/staging/kustomization.yaml': own,
      'apps/web/overlays/production/kustomization.yaml': own,
      'apps/web/overlays/edge/kustomization.yaml': own,
    };
    expect(await taken(files, 'environments: { staging: {} }\n')).toEqual({ staging: ['web'] });
    expect(await taken(files, 'environments: { edge: {}, staging: {} }\n')).toEqual({
      edge: ['web'],
      staging: ['web'],
    });
  });
});

describe('a pattern with "*" below apps', () => {
  const files = {
    'web/overlays/moc/smaug/kustomization.yaml': own,
    'web/overlays/osc/infra/kustomization.yaml': own,
    'api/overlays/moc/infra/kustomization.yaml': own,
    'api/overlays/common/kustomization.yaml': own,
  };

  test('stands for every level there is', async () => {
    const policy = 'environments: { infra: {}, smaug: {} }\noverlays: ["{app}/overlays/*/{environment}"]\n';
    expect(await taken(files, policy)).toEqual({ infra: ['api', 'web'], smaug: ['web'] });
  });

  test('is asked to be said without it where there are more apps than are looked into', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 101 }, (_, index) => [`app-${index}/overlays/moc/infra/kustomization.yaml`, own]),
    );
    const policy = readPolicy('environments: { infra: {} }\noverlays: ["{app}/overlays/*/{environment}"]\n');
    const error = await locateOverlays(objectTree(many), policy).catch((reason: unknown) => reason);
    const message = error instanceof Error ? error.message : '';
    expect(message).toContain('more than 100 apps');
    const lines = /overlays:\n(?: {2}.*\n)+/.exec(message)?.[0] ?? '';
    expect(lines).toBe('overlays:\n  - "{app}/overlays/moc/{environment}"\n');
    expect(await taken(many, `environments: { infra: {} }\n${lines}`)).toEqual({ infra: expect.any(Array) });
  });

  test('may be beside the pattern without that level', async () => {
    const both = { 'web/production/kustomization.yaml': own, 'api/production/eu/kustomization.yaml': own };
    const policy = 'overlays: ["{app}/{environment}", "{app}/{environment}/*"]\nenvironments: { production: {} }\n';
    expect(await taken(both, policy)).toEqual({ production: ['api', 'web'] });
  });
});
