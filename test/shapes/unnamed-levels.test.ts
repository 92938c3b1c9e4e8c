import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { withAllApps, withNamedApps } from '../../src/ops/layouts/named-apps.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from '../ops/verbs/bump/bump-of.js';
import { base, entry, inBoth, shared } from './files.js';

type Files = Record<string, string>;

const POLICY = 'environments: { staging: {}, production: { after: staging } }\n';
const APPS = ['web', 'api'] as const;

/** A kustomization for each app in each folder of an environment. */
function inFolders(folders: (environment: string) => string[], bases = 'base'): Files {
  return inBoth((environment, versions) =>
    Object.fromEntries(
      folders(environment).flatMap((folder) => {
        const up = '../'.repeat(folder.split('/').length + 1);
        return APPS.map((app) => [
          `${folder}/${app}/kustomization.yaml`,
          `resources: [${up}${bases}/${app}]\nimages:\n${entry(app, versions[app])}`,
        ]);
      }),
    ),
  );
}

const two = (folder: (environment: string, cluster: string) => string) =>
  inFolders((environment) => ['alpha', 'blue-whale'].map((cluster) => folder(environment, cluster)));
const ofBoth = { ...base('base/web', 'web'), ...base('base/api', 'api') };
const ofBothBases = { ...base('bases/web', 'web'), ...base('bases/api', 'api') };

const FOUND: [what: string, files: Files, of: string[]][] = [
  [
    'clusters in a folder of their own',
    { ...ofBoth, ...two((environment, cluster) => `envs/${environment}/clusters/${cluster}`) },
    ['envs/production/clusters/alpha/web', 'envs/production/clusters/blue-whale/web'],
  ],
  [
    'clusters with names of their own',
    { ...ofBoth, ...two((environment, cluster) => `overlays/${environment}/${cluster}`) },
    ['overlays/production/alpha/web', 'overlays/production/blue-whale/web'],
  ],
  [
    'the same beside bases of the oStack layout',
    { ...ofBothBases, ...inFolders((environment) => [`overlays/${environment}/alpha`], 'bases') },
    ['overlays/production/alpha/web'],
  ],
  [
    'clusters of other names in each environment',
    {
      ...ofBoth,
      ...inFolders((environment) => [`environments/${environment}/${environment === 'staging' ? 'one' : 'two'}`]),
    },
    ['environments/production/two/web'],
  ],
  [
    'apps with clusters in them',
    {
      ...ofBothBases,
      ...inBoth((environment, versions) =>
        Object.fromEntries(
          APPS.flatMap((app) =>
            ['alpha', 'eu-1'].map((cluster) => [
              `overlays/${environment}/${app}/${cluster}/kustomization.yaml`,
              `resources: [../../../../bases/${app}]\nimages:\n${entry(app, versions[app])}`,
            ]),
          ),
        ),
      ),
    },
    ['overlays/production/web/alpha', 'overlays/production/web/eu-1'],
  ],
  [
    'one folder for all apps of an environment',
    { ...ofBoth, ...shared((environment) => `${environment}/main`, '../../base') },
    ['production/main'],
  ],
  [
    'one for all apps of a cluster',
    { ...ofBoth, ...shared((environment) => `envs/${environment}/clusters/alpha`, '../../../../base') },
    ['envs/production/clusters/alpha'],
  ],
];

describe.each(FOUND)('%s', (_, files, folders) => {
  test.each([
    ['no file', undefined],
    ['a policy', POLICY],
  ])('has the apps in it by %s, and they are bumped there', async (__, text) => {
    const policy = readPolicy(text);
    const tree = objectTree(files);
    const located = await locateOverlays(tree, policy);
    const all = await withAllApps(tree, located, policy);
    const environments = await allEnvironments(tree, all, policy);
    const apps = await Promise.all(environments.map((name) => environmentApps(tree, all, name)));
    expect(apps).toEqual([
      ['api', 'web'],
      ['api', 'web'],
    ]);
    const layout = await withNamedApps(tree, located, policy, ['production'], ['web']);
    const paths = folders.map((folder) => `${folder}/kustomization.yaml`);
    expect((await readOverlay(tree, layout, 'production', 'web'))?.files.map(({ path }) => path)).toEqual(paths);
    const image = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
    const { plan } = await planOverlay(tree, layout, bumpOf('production', image), [image]);
    expect(plan?.state === 'change' ? [...plan.change.files.keys()].sort() : []).toEqual([...paths].sort());
  });
});

describe('what is no such level stays', () => {
  test.each<[what: string, files: Files]>([
    [
      'apps that build on bases of other names',
      { ...ofBothBases, ...inFolders((name) => [`overlays/${name}`], 'bases') },
    ],
    [
      'apps whose folders are parts of them',
      inBoth((name) =>
        Object.fromEntries(
          APPS.flatMap((app) =>
            ['server', 'worker'].map((part) => [
              `overlays/${name}/${app}/${part}/kustomization.yaml`,
              `resources: [../../../../bases/${app}/${part}]\n`,
            ]),
          ),
        ),
      ),
    ],
    [
      'one app whose folders are of clusters, beside one with a kustomization and folders of its own',
      inBoth((name) => ({
        [`overlays/${name}/web/alpha/kustomization.yaml`]: 'resources: [../../../../bases/web]\n',
        [`overlays/${name}/api/kustomization.yaml`]: 'resources: [../../../bases/api, extra]\n',
        [`overlays/${name}/api/extra/kustomization.yaml`]: 'resources: []\n',
      })),
    ],
    [
      'one app whose folders are parts of it, beside one with a kustomization',
      inBoth((name) => ({
        [`overlays/${name}/web/worker/kustomization.yaml`]: 'resources: [../../../../bases/web/worker]\n',
        [`overlays/${name}/api/kustomization.yaml`]: 'resources: [../../../bases/api]\n',
      })),
    ],
    [
      'an app that is made of several bases',
      inBoth((name) => ({
        [`${name}/shop/kustomization.yaml`]: 'resources: [../../base/shop-web, ../../base/shop-worker]\n',
      })),
    ],
    [
      'several folders with several bases each',
      inBoth((name) => ({
        [`${name}/blue/kustomization.yaml`]: 'resources: [../../base/web, ../../base/api]\n',
        [`${name}/green/kustomization.yaml`]: 'resources: [../../base/web, ../../base/api]\n',
      })),
    ],
    [
      'a kustomization that is no YAML',
      { ...inBoth((name) => ({ [`${name}/main/kustomization.yaml`]: 'resources: [\n' })) },
    ],
  ])('%s', async (_, files) => {
    const tree = objectTree(files);
    const policy = readPolicy(POLICY);
    const located = await locateOverlays(tree, policy);
    expect((await withNamedApps(tree, located, policy, ['production'], ['other'])).templates).toEqual(
      located.templates,
    );
  });

  test('what the policy says of overlays', async () => {
    const files = { ...ofBoth, ...two((environment, cluster) => `overlays/${environment}/${cluster}`) };
    const tree = objectTree(files);
    const policy = readPolicy('overlays: ["overlays/{environment}/{app}"]\n');
    const located = await locateOverlays(tree, policy);
    expect((await withAllApps(tree, located, policy)).templates).toEqual(['overlays/{environment}/{app}']);
  });
});
