import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState } from '../../../src/ops/overlays/app-state.js';
import { overridingPaths } from '../../../src/ops/overlays/deploying-objects.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { promoteApps, readMove } from '../../../src/ops/restore/promote-apps.js';
import { changedTree } from '../../../src/ops/tree/changed-tree.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { application, both, kustomization, OWN, setOf } from '../../shapes/reconciler-objects.js';
import { bumpOf } from '../verbs/bump/bump-of.js';

type Files = Record<string, string>;

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const POLICY = readPolicy(undefined);
const images = (tag: string) => `images:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n`;
const values = (tag: string) => `image:\n  repository: ghcr.io/acme/web\n  tag: ${tag}\n`;
const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

const BASE: Files = {
  'base/web/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web/web.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: "ghcr.io/acme/web:0.1.0" }] } } }\n',
};
const OVERLAYS: Files = {
  ...BASE,
  ...both((environment, { web }) => ({
    [`overlays/${environment}/web/kustomization.yaml`]: `resources: [../../../base/web]\n${images(web)}`,
  })),
};
const CHARTS: Files = {
  'charts/web/Chart.yaml': 'name: web\nversion: 9.9.9\n',
  'charts/web/values.yaml': values('0.1.0'),
  ...both((environment, { web }) => ({ [`charts/web/values-${environment}.yaml`]: values(web) })),
};
const flux = (environment: string, more = '') =>
  kustomization('web', `./overlays/${environment}/web`, 'flux-system', indent(more, 2));
const argo = (environment: string, more = '') =>
  application(`web-${environment}`, `overlays/${environment}/web`, { more: indent(more, 4) });
const helm = (environment: string, files: string, more = '') =>
  application(`web-${environment}`, 'charts/web', {
    more: indent(`helm:\n  valueFiles: [${files}]\n${indent(more, 2)}`, 4),
  });
const annotated = (text: string, images: string) =>
  text.replace(
    '  namespace: argocd\n',
    `  namespace: argocd\n  annotations:\n    argocd-image-updater.argoproj.io/image-list: ${images}\n`,
  );

async function versionIn(files: Files, environment: string) {
  const tree = objectTree(files);
  return (await readState(tree, await locateOverlays(tree, POLICY), environment, 'web')).deployed?.version;
}

async function bump(files: Files, environment: string, branch?: string) {
  const tree = objectTree(files);
  const layout = { ...(await locateOverlays(tree, POLICY)), branch };
  const { plan, problem } = await planOverlay(tree, layout, bumpOf(environment, WEB), [WEB]);
  const change = plan?.change.files ?? new Map<string, string>();
  return { problem: problem?.message, previous: plan?.previous, after: { ...files, ...Object.fromEntries(change) } };
}

async function promote(files: Files) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, POLICY);
  const move = await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
  const plan = await promoteApps(tree, layout, [move], false);
  const after = await readState(changedTree(tree, plan.change), layout, 'production', 'web');
  return { plan, version: after.deployed?.version };
}

/** In production, 1.0.0 is written in the overlay, and 1.0.9 where the object that deploys it overrides that. */
const OVERRIDDEN: [string, Files][] = [
  ['images of Flux', { ...OVERLAYS, 'clusters/production/web.yaml': flux('production', images('1.0.9')) }],
  [
    'images of Flux for a folder above',
    {
      ...OVERLAYS,
      'overlays/production/kustomization.yaml': 'resources: [web]\n',
      'clusters/production/all.yaml': kustomization(
        'all',
        './overlays/production',
        'flux-system',
        indent(images('1.0.9'), 2),
      ),
    },
  ],
  [
    'images of Flux for a kustomization of several apps',
    {
      ...BASE,
      'base/api/kustomization.yaml': 'resources: [web.yaml]\n',
      ...both((environment, { web }) => ({
        [`overlays/${environment}/kustomization.yaml`]: `resources: [../../base/web, ../../base/api]\n${images(web)}`,
      })),
      'clusters/production/apps.yaml': kustomization(
        'apps',
        './overlays/production',
        'flux-system',
        indent(`${images('1.0.9')}- name: ghcr.io/acme/api\n  newTag: 5.0.0\n`, 2),
      ),
    },
  ],
  [
    'images of Argo CD',
    { ...OVERLAYS, 'argocd/web.yaml': argo('production', 'kustomize:\n  images:\n  - ghcr.io/acme/web:1.0.9\n') },
  ],
  [
    'images of Argo CD in a file with the objects of all environments',
    {
      ...OVERLAYS,
      'argocd/web.yaml': `${argo('staging')}---\n${argo('production', 'kustomize:\n  images:\n  - ghcr.io/acme/web:1.0.9\n')}`,
    },
  ],
  [
    'parameters of Argo CD',
    {
      ...CHARTS,
      'argocd/web-staging.yaml': helm('staging', 'values-staging.yaml'),
      'argocd/web-production.yaml': helm(
        'production',
        'values-production.yaml',
        'parameters:\n- name: image.tag\n  value: 1.0.9\n',
      ),
    },
  ],
  [
    'a later file of values',
    {
      ...CHARTS,
      'charts/web/hotfix.yaml': 'image: { tag: 1.0.9 }\n',
      'argocd/web.yaml': `${helm('staging', 'values-staging.yaml')}---\n${helm('production', 'values-production.yaml, hotfix.yaml')}`,
    },
  ],
];

/** Objects of Flux that deploy the root, with images, and what the root takes in. */
const rooted = (path: string, ...taken: string[]): Files => ({
  ...OVERLAYS,
  ...(taken.length === 0 ? {} : { 'kustomization.yaml': `resources: [${taken.join(', ')}]\n` }),
  'clusters/hub/all.yaml': kustomization('all', path, 'flux-system', indent(images('1.0.9'), 2)),
});
const withoutPath = (files: Files): Files => ({
  ...files,
  'clusters/hub/all.yaml': (files['clusters/hub/all.yaml'] ?? '').replace(/ {2}path:.*\n/, ''),
});

/** The same for the root of the repository and other folders above those of the environments. */
const ABOVE: [string, Files][] = [
  ['./', rooted('./', 'overlays/production/web')],
  ['/', rooted('/', './overlays/production/web/')],
  ['an empty one', rooted('""', 'overlays/production/web')],
  ['none', withoutPath(rooted('./', 'overlays/production/web'))],
  [
    './overlays',
    {
      ...rooted('./overlays'),
      'overlays/kustomization.yaml': 'resources: [production]\n',
      'overlays/production/kustomization.yaml': 'resources: [web]\n',
    },
  ],
  [
    'what takes in other folders first',
    { ...rooted('./', 'deploy/all'), 'deploy/all/kustomization.yaml': 'resources: [../../overlays/production/web]\n' },
  ],
];
OVERRIDDEN.push(...ABOVE.map(([path, files]): [string, Files] => [`images of Flux for the path ${path}`, files]));

test.each([
  ['a root that takes in another environment alone', rooted('./', 'overlays/staging/web')],
  ['a root that takes in something else', rooted('./', 'base/web')],
  [
    'the root of another repository',
    {
      ...OVERLAYS,
      'argocd/other.yaml': application('other', '.', {
        url: 'https://github.com/acme/other.git',
        more: '    kustomize:\n      images: ["ghcr.io/acme/web:1.0.9"]\n',
      }),
      'argocd/web.yaml': argo('production'),
    },
  ],
  [
    'a chart at the root, with the values of another environment',
    {
      ...CHARTS,
      'argocd/web.yaml': helm('production', 'values-production.yaml'),
      'argocd/other.yaml': application('other', '.', {
        more: '    helm:\n      valueFiles: [charts/web/values-staging.yaml]\n      parameters: [{ name: image.tag, value: 1.0.9 }]\n',
      }),
    },
  ],
])('what deploys %s overrides nothing of production', async (_, files: Files) => {
  expect(await versionIn(files, 'production')).toBe('1.0.0');
  const { problem, after } = await bump(files, 'production');
  expect(problem).toBeUndefined();
  expect(Object.keys(after).filter((path) => after[path] !== files[path])).toHaveLength(1);
});

describe('what the object that deploys an overlay overrides', () => {
  test.each(OVERRIDDEN)('%s: is what runs, for every verb', async (_, files) => {
    expect(await versionIn(files, 'production')).toBe('1.0.9');
    expect(await versionIn(files, 'staging')).toBe('1.1.0');
    const { problem, previous, after } = await bump(files, 'production');
    expect({ problem, previous }).toEqual({ previous: '1.0.9' });
    expect(await versionIn(after, 'production')).toBe('2.0.0');
    expect(await versionIn(after, 'staging')).toBe('1.1.0');
    expect(Object.values(after).join('')).not.toMatch(/1\.0\.[09]/);
    const { plan, version } = await promote(files);
    expect(plan.failed).toEqual([]);
    expect(plan.moved).toMatchObject([{ previous: '1.0.9', version: '1.1.0', changed: true }]);
    expect(version).toBe('1.1.0');
  });

  test('is what a promotion takes, where only the source overrides', async () => {
    const files = { ...OVERLAYS, 'clusters/staging/web.yaml': flux('staging', images('1.2.0')) };
    const { plan, version } = await promote(files);
    expect(plan.moved).toMatchObject([{ previous: '1.0.0', version: '1.2.0', changed: true }]);
    expect(version).toBe('1.2.0');
  });

  test('is nothing to promote, where both have it and only what is overridden differs', async () => {
    const files: Files = {
      ...OVERLAYS,
      ...both((environment) => ({ [`clusters/${environment}/web.yaml`]: flux(environment, images('1.0.9')) })),
    };
    expect((await promote(files)).plan).toMatchObject({ moved: [{ changed: false }], failed: [] });
  });
});

test.each([
  ['overlays/production/web', OVERRIDDEN[0]?.[1], ['clusters/production/web.yaml']],
  ['overlays/staging/web', OVERRIDDEN[0]?.[1], []],
  ['charts/web/values-production.yaml', OVERRIDDEN[6]?.[1], ['argocd/web.yaml', 'charts/web/hotfix.yaml']],
])('the history of %s is also that of what overrides it', async (folder, files = {}, paths) => {
  expect(overridingPaths(await locateOverlays(objectTree(files), POLICY), folder)).toEqual(paths);
});

describe('what cannot be set for one environment is refused by name', () => {
  const set = (more: string) =>
    setOf(
      '  - list:\n      elements:\n      - { app: web, env: staging, tag: 1.1.0 }\n      - { app: web, env: production, tag: 1.0.0 }',
      'overlays/{{env}}/web',
    ).replace('      destination:', `${indent(more, 8)}      destination:`);

  test.each([
    [
      'an image in the template of an ApplicationSet',
      { ...OVERLAYS, 'argocd/all.yaml': set('kustomize:\n  images:\n  - ghcr.io/acme/web:1.0.9\n') },
      'argocd/all.yaml:21 has the version of ghcr.io/acme/web: an ApplicationSet makes several Applications of it',
    ],
    [
      'an image for the root, which takes in several environments',
      rooted('./', 'overlays/staging/web', 'overlays/production/web'),
      'clusters/hub/all.yaml:14 has the version of ghcr.io/acme/web: Kustomization/all (clusters/hub/all.yaml) deploys the whole repository, ' +
        'with several environments in it',
    ],
    [
      'an image for the root, of which Flux takes everything',
      rooted('./'),
      'Kustomization/all (clusters/hub/all.yaml) deploys the whole repository, with several environments in it',
    ],
    [
      'a root that is deployed of a tag, with everything that is there',
      {
        ...OVERLAYS,
        'argocd/root.yaml': application('root', '.').replace('HEAD', 'v1.0.0'),
        'kustomization.yaml': 'resources: [overlays/staging/web, overlays/production/web]\n',
      },
      'Application/root (argocd/root.yaml) deploys the whole repository of v1.0.0, which is no branch',
    ],
    [
      'an image that a generator fills in',
      { ...OVERLAYS, 'argocd/all.yaml': set("kustomize:\n  images:\n  - 'ghcr.io/acme/web:{{tag}}'\n") },
      'argocd/all.yaml:21 sets the version of ghcr.io/acme/web to {{tag}}, which a generator fills in',
    ],
    [
      'a parameter that a generator fills in',
      {
        ...CHARTS,
        'argocd/all.yaml': setOf(
          '  - list:\n      elements:\n      - { app: web, env: staging, tag: 1.1.0 }\n      - { app: web, env: production, tag: 1.0.0 }',
          'charts/web',
        ).replace(
          '      destination:',
          "        helm:\n          valueFiles: ['values-{{env}}.yaml']\n          parameters:\n          - { name: image.tag, value: '{{tag}}' }\n      destination:",
        ),
      },
      'argocd/all.yaml:22 has "{{tag}}" at spec.template.spec.source.helm.parameters[0].value',
    ],
    [
      'a later file of values that another environment takes too',
      {
        ...CHARTS,
        'charts/web/hotfix.yaml': 'image: { tag: 1.0.9 }\n',
        'argocd/web.yaml': `${helm('staging', 'values-staging.yaml, hotfix.yaml')}---\n${helm('production', 'values-production.yaml, hotfix.yaml')}`,
      },
      'charts/web/hotfix.yaml:1 has the version of ghcr.io/acme/web: Application/web-staging (argocd/web.yaml) takes that file too',
    ],
    [
      'an image of which an annotation tells an updater',
      { ...OVERLAYS, 'argocd/web.yaml': annotated(argo('production'), 'web=ghcr.io/acme/web:1.x') },
      'Argo CD Image Updater sets ghcr.io/acme/web: argocd/web.yaml:7',
    ],
    [
      'an image of which an ImageUpdater tells',
      {
        ...OVERLAYS,
        'argocd/web.yaml': argo('production'),
        'argocd/updater.yaml':
          'apiVersion: argocd-image-updater.argoproj.io/v1alpha1\nkind: ImageUpdater\nmetadata: { name: all }\nspec:\n  applicationRefs:\n  - namePattern: "web-*"\n    images:\n    - { alias: web, imageName: "ghcr.io/acme/web:1.x" }\n',
      },
      'Argo CD Image Updater sets ghcr.io/acme/web: argocd/updater.yaml:8',
    ],
    [
      "an image of the object that Flux's automation writes",
      {
        ...OVERLAYS,
        'clusters/production/web.yaml': flux('production', images('1.0.9 # {"$imagepolicy": "flux-system:web:tag"}')),
      },
      `clusters/production/web.yaml:15 is written by Flux's image automation, by its policy flux-system:web:tag`,
    ],
    [
      'an overlay that is deployed of a tag',
      { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', 'v1.0.0') },
      'Application/web-production (argocd/web.yaml) deploys overlays/production/web of v1.0.0, which is no branch',
    ],
    [
      'an overlay that is deployed of a commit',
      { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', '3f2a1bc') },
      'deploys overlays/production/web of 3f2a1bc, which is no branch',
    ],
    [
      'an overlay that is deployed of another branch',
      { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', 'production') },
      'deploys overlays/production/web of production, and not of main',
    ],
    [
      'an overlay that a GitRepository of Flux has of a tag',
      {
        ...OVERLAYS,
        'clusters/production/web.yaml': flux('production'),
        ...both((environment) => ({
          [`clusters/${environment}/flux-system/gotk-sync.yaml`]: `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: flux-system }\nspec:\n  ref: { ${environment === 'production' ? 'tag: v1.0.0' : 'branch: main'} }\n  url: ${OWN}\n`,
        })),
      },
      'Kustomization/web (clusters/production/web.yaml) deploys overlays/production/web of v1.0.0, which is no branch',
    ],
  ])('%s', async (_, files: Files, message) => {
    expect((await bump(files, 'production', 'main')).problem).toContain(message);
  });

  test.each(['main', 'refs/heads/main', 'HEAD'])(
    'and what follows the branch that is written is not: %s',
    async (name) => {
      const files = { ...OVERLAYS, 'argocd/web.yaml': argo('production').replace('HEAD', name) };
      expect((await bump(files, 'production', 'main')).problem).toBeUndefined();
    },
  );

  test('and neither is what one cluster of several has of a tag', async () => {
    const pinned = argo('production').replace('HEAD', 'v1.0.0').replace('web-production', 'web-production-us');
    const files = { ...OVERLAYS, 'argocd/web.yaml': `${argo('production')}---\n${pinned}` };
    expect((await bump(files, 'production', 'main')).problem).toBeUndefined();
  });

  test('a version that is not known here is not promoted', async () => {
    const files = { ...OVERLAYS, 'argocd/web.yaml': argo('staging').replace('HEAD', 'v1.0.0') };
    expect((await promote(files)).plan.failed[0]?.error.message).toContain(
      'Which version of web staging has is not known here: Application/web-staging (argocd/web.yaml) deploys',
    );
  });
});
