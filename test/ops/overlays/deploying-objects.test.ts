import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { overridingPaths } from '../../../src/ops/overlays/deploying-objects.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { application, both, kustomization } from '../../shapes/reconciler-objects.js';
import {
  argo,
  BASE,
  bump,
  CHARTS,
  type Files,
  flux,
  helm,
  images,
  indent,
  OVERLAYS,
  promote,
  rooted,
  values,
  versionIn,
} from './deployed-repositories.js';

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

/** A HelmRelease with files of values from this repository. */
const release = (files: string, more = '') =>
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: web\nspec:\n  chart:\n    spec:\n      chart: ./charts/web\n' +
  `      sourceRef: { kind: GitRepository, name: flux-system }\n      valuesFiles: [${files}]\n${more}`;
OVERRIDDEN.push(
  [
    'values of a HelmRelease over a file of its chart',
    {
      ...CHARTS,
      'clusters/staging/web.yaml': release('charts/web/values.yaml, charts/web/values-staging.yaml'),
      'clusters/production/web.yaml': release(
        './charts/web/values.yaml, ./charts/web/values-production.yaml',
        '  values: { image: { tag: 1.0.9 } }\n',
      ),
    },
  ],
  [
    'values of a HelmRelease in an overlay over a file elsewhere',
    {
      ...CHARTS,
      ...both((environment, { web }) => ({
        [`apps/${environment}/web/kustomization.yaml`]: 'resources: [release.yaml]\n',
        [`apps/${environment}/web/release.yaml`]: release(
          `charts/web/values-${environment}.yaml`,
          `  values: { image: { tag: ${environment === 'production' ? '1.0.9' : web} } }\n`,
        ),
      })),
      'ostack.yaml': 'overlays: ["apps/{environment}/{app}"]\n',
    },
  ],
);

describe('a HelmRelease in an overlay takes values from files elsewhere in the repository', () => {
  const overlays = (fileOf: (environment: string) => string, more = ''): Files => ({
    ...CHARTS,
    'charts/web/pins.yaml': values('1.0.9'),
    ...both((environment) => ({
      [`apps/${environment}/web/release.yaml`]: release(fileOf(environment), more),
    })),
    'ostack.yaml': 'overlays: ["apps/{environment}/{app}"]\n',
  });

  test('those of the environment say the version, and it is set there', async () => {
    const files = overlays((environment) => `charts/web/values-${environment}.yaml`);
    expect(await versionIn(files, 'production')).toBe('1.0.0');
    const { problem, after } = await bump(files, 'production');
    expect(problem).toBeUndefined();
    expect(Object.keys(after).filter((path) => after[path] !== files[path])).toEqual([
      'charts/web/values-production.yaml',
    ]);
  });

  test('those of several environments say the version, and nothing is set there', async () => {
    const files = overlays((environment) => `charts/web/values-${environment}.yaml, charts/web/pins.yaml`);
    expect(await versionIn(files, 'production')).toBe('1.0.9');
    const { problem } = await bump(files, 'production');
    expect(problem).toContain('charts/web/pins.yaml:3 has the version of ghcr.io/acme/web: HelmRelease/web');
    expect(problem).toContain('Say the version under "spec.values" of the release');
  });

  test('and what that question asks for is enough', async () => {
    const files = overlays(
      (environment) => `charts/web/values-${environment}.yaml, charts/web/pins.yaml`,
      '  values: { image: { repository: ghcr.io/acme/web, tag: 1.0.5 } }\n',
    );
    expect(await versionIn(files, 'production')).toBe('1.0.5');
    const { problem, after } = await bump(files, 'production');
    expect(problem).toBeUndefined();
    expect(await versionIn(after, 'production')).toBe('2.0.0');
    expect(await versionIn(after, 'staging')).toBe('1.0.5');
  });
});

describe('a chart of kustomize takes values from files elsewhere in the repository', () => {
  const overlays = (more: string): Files => ({
    ...BASE,
    'common/pins.yaml': 'image: { tag: 1.0.9 }\n',
    ...both((environment, { web }) => ({
      [`common/values-${environment}.yaml`]: values(web),
      [`overlays/${environment}/web/kustomization.yaml`]: `helmCharts:\n- name: web\n  repo: https://charts.acme.dev\n  valuesFile: ../../../common/values-${environment}.yaml\n${more}`,
    })),
  });

  test('those of the environment say the version, and it is set there', async () => {
    const { problem, after } = await bump(overlays(''), 'production');
    expect(problem).toBeUndefined();
    expect(await versionIn(after, 'production')).toBe('2.0.0');
    expect(await versionIn(after, 'staging')).toBe('1.1.0');
  });

  test('those of several environments say the version, and nothing is set there', async () => {
    const files = overlays('  additionalValuesFiles: [../../../common/pins.yaml]\n');
    expect(await versionIn(files, 'production')).toBe('1.0.9');
    const { problem } = await bump(files, 'production');
    expect(problem).toContain(
      'common/pins.yaml:1 has the version of ghcr.io/acme/web: The chart web (overlays/production/web/',
    );
    const mended = { ...files, 'common/pins.yaml': 'image: { pullPolicy: Always }\n' };
    expect((await bump(mended, 'production')).problem).toBeUndefined();
  });
});

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
  expect(overridingPaths(await locateOverlays(objectTree(files), readPolicy(undefined)), folder)).toEqual(paths);
});
