import { describe, expect, test } from '@jest/globals';
import type { ImageTarget } from '../../../../src/ops/carriers/carrier.js';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { fileLike, type Model } from '../../../../src/ops/verbs/onboard/file-like.js';
import { planOnboard } from '../../../../src/ops/verbs/onboard/plan.js';
import { release } from '../../../shapes/files.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const JOBS: ImageTarget = {
  kind: 'image',
  repository: 'ghcr.io/acme/jobs',
  image: 'jobs',
  tag: '9.0.0',
  digest: DIGEST,
};
const WHERE = { app: 'jobs', environment: 'production' };

const model = (text: string, more: Partial<Model> = {}): Model => ({
  ...{ app: 'web', environment: 'production', isOwn: false, file: { path: 'apps/production/web.yaml', text } },
  ...more,
});
const made = (text: string, more?: Partial<Model>) =>
  fileLike(model(text, more), WHERE, JOBS, 'apps/production/jobs.yaml');

const helmRelease = (spec: string, namespace = '') =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: web${namespace} }\nspec:\n  interval: 5m\n${spec}  values:\n    replicas: 3\n    image: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n    host: web.acme.dev\n`;

describe('a file for a new app like that of another one', () => {
  test.each([
    [
      'values',
      'replicas: 3\nimage: { repository: ghcr.io/acme/web, tag: 1.0.0 }\n',
      'image:\n  repository: ghcr.io/acme/jobs\n  tag: 9.0.0\n',
    ],
    [
      'values with room for a digest, under the name of the app',
      `web:\n  image: { name: ghcr.io/acme/web, imageTag: 1.0.0, digest: ${`sha256:${'b'.repeat(64)}`} }\n`,
      `jobs:\n  image:\n    name: ghcr.io/acme/jobs\n    imageTag: 9.0.0\n    digest: ${DIGEST}\n`,
    ],
    [
      'a HelmRelease of a chart that all apps have, at the same version',
      helmRelease(
        '  chart:\n    spec: { chart: app, version: 1.2.3, sourceRef: { kind: HelmRepository, name: acme } }\n  install: { remediation: { retries: 3 } }\n  valuesFrom: [{ kind: Secret, name: web }]\n',
        ', namespace: shop',
      ),
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: jobs\n  namespace: shop\nspec:\n  interval: 5m\n  chart:\n    spec:\n      chart: app\n      version: 1.2.3\n      sourceRef:\n        kind: HelmRepository\n        name: acme\n  install:\n    remediation:\n      retries: 3\n  values:\n    image:\n      repository: ghcr.io/acme/jobs\n      tag: 9.0.0\n',
    ],
  ])('has the version and nothing else of what runs: %s', (_, text, expected) => {
    expect(made(text)).toEqual({ text: expected });
  });

  test('of its own in the environment before keeps its chart, in the namespaces of the new environment', () => {
    const text = helmRelease(
      '  chart: { spec: { chart: jobs, version: 1.2.3 } }\n  targetNamespace: shop-staging\n',
      ', namespace: staging',
    );
    const own = made(text.replaceAll('web', 'jobs'), { app: 'jobs', environment: 'staging', isOwn: true });
    expect(own).toEqual({
      text: 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: jobs\n  namespace: production\nspec:\n  interval: 5m\n  chart:\n    spec:\n      chart: jobs\n      version: 1.2.3\n  targetNamespace: shop-production\n  values:\n    image:\n      repository: ghcr.io/acme/jobs\n      tag: 9.0.0\n',
    });
  });

  test.each([
    [
      'a chart of the other app',
      helmRelease('  chart: { spec: { chart: web, version: 1.2.3 } }\n'),
      /installs a chart of its own/,
    ],
    [
      'a source of the other app',
      helmRelease('  chartRef: { kind: OCIRepository, name: web }\n'),
      /installs a chart of its own/,
    ],
    ['another cluster', helmRelease('  kubeConfig: { secretRef: { name: eu } }\n'), /says itself which cluster/],
    [
      'a name that is not the app',
      release('web', '1.0.0').replace('name: web', 'name: main'),
      /is not called after its app/,
    ],
    [
      'several images',
      'a: { image: { repository: ghcr.io/acme/web, tag: 1.0.0 } }\nb: { image: { repository: ghcr.io/acme/db, tag: 1.0.0 } }\n',
      /has several images/,
    ],
    ['no version', 'replicas: 3\n', /has no image with a version/],
    [
      'a registry apart',
      'image: { registry: ghcr.io, repository: acme/web, tag: 1.0.0 }\n',
      /has the registry of its image apart/,
    ],
    ['several objects', `${release('web', '1.0.0')}---\nkind: ConfigMap\n`, /holds other objects than one HelmRelease/],
    [
      'manifests',
      'kind: Deployment\nspec: { containers: [{ name: web, image: ghcr.io/acme/web:1.0.0 }] }\n',
      /does not have its version as/,
    ],
  ])('is none where that has %s', (_, text, reason) => {
    expect(made(text)).toEqual({ reason: expect.stringMatching(reason) });
  });
});

describe('onboarding where apps have files', () => {
  const POLICY = readPolicy('environments: { staging: {}, production: { after: staging } }\n');
  const request = { app: 'jobs', environment: 'production', images: [], version: undefined, from: undefined };
  const FILES = {
    'apps/staging/web.yaml': release('web', '1.1.0'),
    'apps/staging/jobs.yaml': release('web', '9.0.0').replaceAll('web', 'jobs'),
    'apps/production/web.yaml': release('web', '1.0.0'),
    'apps/production/kustomization.yaml': 'resources:\n  - web.yaml\n  - issuer.yaml\n',
    'apps/staging/kustomization.yaml': 'resources:\n  - web.yaml\n  - jobs.yaml\n',
  };
  const onboard = async (files: Readonly<Record<string, string>>, more = {}) => {
    const tree = objectTree(files);
    const layout = { templates: ['apps/{environment}/{app}.yaml'], environments: ['staging', 'production'] };
    return planOnboard(tree, layout, POLICY, { ...request, group: undefined, manifests: undefined, ...more });
  };

  test('starts with what the environment before has, and is listed where the others are', async () => {
    const planned = await onboard(FILES);
    expect(planned).toMatchObject({ state: 'change', version: '9.0.0' });
    expect(planned.state === 'change' ? [...planned.change.files] : []).toEqual([
      ['apps/production/jobs.yaml', expect.stringContaining('tag: 9.0.0')],
      ['apps/production/kustomization.yaml', 'resources:\n  - web.yaml\n  - jobs.yaml\n  - issuer.yaml\n'],
    ]);
  });

  test('takes no version that the environment before does not have, and asks for images that nothing tells', async () => {
    const other = await onboard(FILES, { images: [{ ...JOBS, tag: '9.1.0', digest: undefined }] });
    expect(other.state === 'refused' ? other.error.message : '').toMatch(
      /^production takes jobs 9\.1\.0 only once it is in staging/,
    );
    const first = { ...request, environment: 'staging', version: '9.0.0' };
    const { 'apps/staging/jobs.yaml': _, ...without } = FILES;
    const unnamed = await onboard(without, first);
    expect(unnamed.state === 'refused' ? unnamed.error.message : '').toMatch(
      /Give it with its version with the input "images"\.$/,
    );
    expect(await onboard(without, { ...first, version: undefined, images: [JOBS] })).toMatchObject({ state: 'change' });
  });

  test('overwrites nothing', async () => {
    const tree = { ...FILES, 'apps/production/jobs.yaml': 'kind: HelmRelease\n' };
    expect(await onboard(tree)).toMatchObject({ state: expect.stringMatching(/^(nothing|refused)$/) });
  });

  test('names the object that deploys the other app, where a new one needs its own', async () => {
    const values = (app: string) => `image:\n  repository: ghcr.io/acme/${app}\n  tag: 1.0.0\n`;
    const files = {
      'web/values-staging.yaml': values('web'),
      'web/values-production.yaml': values('web'),
      'argocd/web-production.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web-production }\nspec:\n  source: { repoURL: https://github.com/acme/ops, path: web, helm: { valueFiles: [values-production.yaml] } }\n  destination: { namespace: production }\n',
    };
    const tree = objectTree(files);
    const policy = readPolicy(
      'environments: { staging: {}, production: {} }\noverlays: ["{app}/values-{environment}.yaml"]\n',
    );
    const layout = await locateOverlays(tree, policy);
    const more = { ...request, group: undefined, manifests: undefined, images: [JOBS] };
    expect(await planOnboard(tree, layout, policy, more)).toMatchObject({
      state: 'change',
      notes: [
        expect.stringMatching(
          /^Application\/web-production in argocd\/web-production\.yaml deploys .*: add one like it for jobs/,
        ),
      ],
    });
  });
});
