import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import { changedTree } from '../../../../src/ops/tree/changed-tree.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../../src/ops/tree/tree-reader.js';
import { workTree } from '../../../../src/ops/tree/work-tree.js';
import { readDeployFolder } from '../../../../src/ops/verbs/onboard/deploy-folder.js';
import type { OnboardRequest } from '../../../../src/ops/verbs/onboard/onboarding.js';
import { type OnboardPlan, planOnboard } from '../../../../src/ops/verbs/onboard/plan.js';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
const FLEET = workTree(join(FIXTURES, 'ops-groups'));
const OPS = workTree(join(FIXTURES, 'ops'));
const DIGEST = `sha256:${'c'.repeat(64)}`;

const NOTIFY: OnboardRequest = {
  ...{ app: 'notify', environment: 'staging-eu', images: [], version: undefined },
  ...{ from: undefined, group: undefined, manifests: undefined },
};
const SEARCH: OnboardRequest = { ...NOTIFY, app: 'search', environment: 'staging', version: '1.0.0' };
const MANIFESTS = new Map([
  ['kustomization.yaml', 'resources: [deployment.yaml]\n'],
  [
    'deployment.yaml',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: search }\nspec: { template: { spec: { containers: [{ name: search, image: ghcr.io/acme/search }, { name: proxy, image: envoyproxy/envoy:v1.31 }] } } }\n',
  ],
]);

const SEARCH_IMAGE = { kind: 'image', repository: 'ghcr.io/acme/search', image: 'search', tag: '1.0.0' } as const;

async function plan(tree: TreeReader, request: OnboardRequest): Promise<OnboardPlan> {
  const policy = readPolicy(await tree.read('ostack.yaml'));
  return planOnboard(tree, await locateOverlays(tree, policy), policy, request);
}

function filesOf(planned: OnboardPlan): Record<string, string> {
  return planned.state === 'change' ? Object.fromEntries(planned.change.files) : {};
}

async function refusal(tree: TreeReader, request: OnboardRequest): Promise<string> {
  const planned = await plan(tree, request);
  return planned.state === 'refused' ? planned.error.message : planned.state;
}

describe("a guest's app joins an environment", () => {
  const flux = (app: string) =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${app} }\nspec: { path: ./overlays/staging/${app}, targetNamespace: staging }\n`;
  const files = {
    'ostack.yaml': 'environments: { staging: {} }\nguests: [growth]\n',
    'overlays/staging/search/kustomization.yaml': 'namespace: staging\nresources: [../../../bases/search]\n',
    'clusters/staging/search.yaml': flux('search'),
  };
  const request = { ...SEARCH, app: 'growth-search', manifests: MANIFESTS };

  test('in the namespace of its workspace where it is the first, beside the app of its name', async () => {
    const planned = filesOf(await plan(objectTree(files), request));
    expect(Object.keys(planned)).toEqual([
      'bases/growth-search/kustomization.yaml',
      'bases/growth-search/deployment.yaml',
      'overlays/staging/growth-search/kustomization.yaml',
      'clusters/staging/growth-search.yaml',
    ]);
    expect(planned['overlays/staging/growth-search/kustomization.yaml']).toContain(
      'namespace: growth\nresources:\n  - ../../../bases/growth-search\nimages:\n  - name: ghcr.io/acme/search\n',
    );
    expect(planned['clusters/staging/growth-search.yaml']).toBe(
      flux('growth-search').replace('targetNamespace: staging', 'targetNamespace: growth'),
    );
  });

  test('else in the namespace that the others of its workspace have there', async () => {
    const cart = { 'overlays/staging/growth-cart/kustomization.yaml': 'namespace: growing\n' };
    const planned = filesOf(await plan(objectTree({ ...files, ...cart }), request));
    expect(planned['overlays/staging/growth-search/kustomization.yaml']).toContain('namespace: growing\n');
  });

  test('while those of its host stay in theirs', async () => {
    const cart = { 'overlays/staging/growth-cart/kustomization.yaml': 'namespace: growth\n' };
    const tree = objectTree({ ...files, ...cart });
    const planned = filesOf(
      await plan(tree, { ...request, app: 'search-api', version: undefined, images: [SEARCH_IMAGE] }),
    );
    expect(planned['overlays/staging/search-api/kustomization.yaml']).toContain('namespace: staging\n');
  });

  test('of manifests that its own repository has by its own name', async () => {
    expect(await refusal(objectTree(files), { ...request, manifests: undefined })).toContain(
      'name the apps repository that has apps/search/deploy with',
    );
  });
});

describe('an app joins an environment', () => {
  test('of a group with the version of the environment before, and is then there', async () => {
    const planned = await plan(FLEET, NOTIFY);
    const files = filesOf(planned);
    expect(planned).toMatchObject({ state: 'change', version: '0.1.0' });
    expect(planned.leftBehind).toEqual({ environment: 'test', patches: ['_recipients.yaml', 'settings.yaml'] });
    expect(Object.keys(files)).toEqual([
      'apps/overlays/staging-eu/notify/version.yaml',
      'apps/overlays/staging-eu/kustomization.yaml',
    ]);
    expect(files['apps/overlays/staging-eu/notify/version.yaml']).toBe(
      await FLEET.read('apps/overlays/test/notify/version.yaml'),
    );
    const kustomization = files['apps/overlays/staging-eu/kustomization.yaml'];
    expect(kustomization).toContain('  - ../../base/billing\n  - ../../base/notify\n  - ../../base/tracking\n');
    expect(kustomization).toContain('  - path: notify/version.yaml\n  - path: tracking/_host.yaml\n');
    const after = changedTree(FLEET, { files: new Map(Object.entries(files)) });
    expect(await plan(after, NOTIFY)).toMatchObject({ state: 'nothing', reason: 'notify is already in staging-eu' });
  });

  test('with a folder of its own, its base from the apps repository, and an object for Flux', async () => {
    const planned = await plan(OPS, { ...SEARCH, manifests: MANIFESTS });
    expect(filesOf(planned)).toEqual({
      'bases/search/kustomization.yaml': MANIFESTS.get('kustomization.yaml'),
      'bases/search/deployment.yaml': MANIFESTS.get('deployment.yaml'),
      'overlays/staging/search/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: staging\nresources:\n' +
        '  - ../../../bases/search\nimages:\n  - name: ghcr.io/acme/search\n    newName: ghcr.io/acme/search\n    newTag: 1.0.0\n',
      'clusters/staging/search.yaml': (await OPS.read('clusters/staging/mailer.yaml'))?.replaceAll('mailer', 'search'),
    });
  });

  test('with the images that a build gave', async () => {
    const image = {
      kind: 'image',
      repository: 'registry.acme.dev/search',
      image: 'search',
      tag: 'v2',
      digest: DIGEST,
    } as const;
    const planned = await plan(OPS, { ...SEARCH, version: undefined, images: [image], manifests: MANIFESTS });
    expect(filesOf(planned)['overlays/staging/search/kustomization.yaml']).toContain(
      `  - name: ghcr.io/acme/search\n    newName: registry.acme.dev/search\n    newTag: v2\n    digest: ${DIGEST}\n`,
    );
  });

  test('in the list of its environment, and with the base in another repository that it has before', async () => {
    const address = 'https://github.com/acme/apps//apps/web/deploy?ref=web-v1.0.0';
    const tree = objectTree({
      'ostack.yaml': 'environments: { staging: {}, production: { after: staging } }\n',
      'overlays/staging/web/kustomization.yaml': `namespace: staging\nresources:\n- ${address}\n`,
      'overlays/production/kustomization.yaml': 'resources:\n- ./api\n',
      'overlays/production/api/kustomization.yaml': 'namespace: production\nresources: [../../../bases/api]\n',
    });
    expect(filesOf(await plan(tree, { ...SEARCH, app: 'web', environment: 'production', version: undefined }))).toEqual(
      {
        'overlays/production/web/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: production\nresources:\n  - ${address}\n`,
        'overlays/production/kustomization.yaml': 'resources:\n- ./api\n- ./web\n',
      },
    );
  });

  test('in objects that kustomize cannot merge by entries of images', async () => {
    const rollout =
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: notify }\nspec: { template: { spec: { containers: [{ name: notify, image: ghcr.io/acme/notify }] } } }\n';
    const tree = changedTree(FLEET, { files: new Map([['apps/base/notify/deployment.yaml', rollout]]) });
    const files = filesOf(await plan(tree, NOTIFY));
    expect(Object.keys(files)).toEqual(['apps/overlays/staging-eu/kustomization.yaml']);
    expect(files['apps/overlays/staging-eu/kustomization.yaml']).toContain('images:\n  - name: ghcr.io/acme/notify\n');
  });

  test.each<[string, TreeReader, OnboardRequest, string]>([
    [
      'an environment that is none',
      FLEET,
      { ...NOTIFY, environment: 'staging' },
      'There is no environment "staging". Known: dev, test, staging-eu, staging-us, production-eu, production-us.',
    ],
    [
      'no version',
      OPS,
      { ...SEARCH, version: undefined, manifests: MANIFESTS },
      'Nothing says which version of search staging starts with: no environment before it has one. Give it with the input "version" or "images".',
    ],
    [
      'an environment whose turn has not come',
      FLEET,
      { ...NOTIFY, environment: 'production-eu', version: '0.1.0' },
      'production-eu takes an app only once it is in staging-eu, and notify is not there. Add it to staging-eu first.',
    ],
    [
      'a version that the environment before does not have',
      FLEET,
      { ...NOTIFY, version: '0.2.0' },
      'staging-eu takes notify 0.2.0 only once it is in test, which runs 0.1.0. Leave the version out to start with that, or bring 0.2.0 to test first.',
    ],
    [
      'an environment to take it from that does not have it',
      FLEET,
      { ...NOTIFY, from: 'staging-us' },
      'notify is not in staging-us, so no version can be taken from there.',
    ],
    [
      'no base',
      OPS,
      SEARCH,
      'There is no bases/search, and no folder "deploy" of search to make it from. Add bases/search/kustomization.yaml with its manifests, or name the apps repository that has apps/search/deploy with the input "apps-repository".',
    ],
    [
      'no group',
      FLEET,
      { ...NOTIFY, app: 'search', environment: 'dev', version: '1.0.0' },
      'Expected one group for search in dev, found apps, platform. Name one with the input "group".',
    ],
    [
      'a group that is none',
      FLEET,
      { ...NOTIFY, app: 'search', environment: 'dev', version: '1.0.0', group: 'web' },
      'There is no group "web" with a kustomization of dev. There are: apps, platform.',
    ],
    [
      'an image that nothing runs',
      FLEET,
      { ...NOTIFY, images: [{ kind: 'image', repository: 'ghcr.io/acme/other', image: 'other', tag: '1' }] },
      'Nothing in apps/base/notify runs ghcr.io/acme/other. It runs: ghcr.io/acme/notify. Name the image as the manifests do, or change the manifests.',
    ],
    [
      'a version of a base with images of other names',
      OPS,
      {
        ...SEARCH,
        manifests: new Map([...MANIFESTS].map(([path, text]) => [path, text.replace('acme/search', 'acme/finder')])),
      },
      'Nothing in bases/search runs an image named search or search-<part>, so a version alone does not say what to deploy. Give the images with the input "images".',
    ],
    [
      'a file that is there',
      changedTree(FLEET, { files: new Map([['apps/overlays/staging-eu/notify/version.yaml', 'mine: true\n']]) }),
      NOTIFY,
      'apps/overlays/staging-eu/notify/version.yaml already exists, but no kustomization refers to it. No file is overwritten: remove it, or add a reference to it by hand.',
    ],
    [
      'files that are there',
      changedTree(OPS, {
        files: new Map([
          ['bases/search/deployment.yaml', 'mine: true\n'],
          ['bases/search/notes.yaml', 'mine: true\n'],
        ]),
      }),
      { ...SEARCH, manifests: new Map([...MANIFESTS, ['notes.yaml', 'kind: ConfigMap\n']]) },
      'bases/search/deployment.yaml, bases/search/notes.yaml already exist, but no kustomization refers to them. No file is overwritten: remove them, or add references to them by hand.',
    ],
  ])('not with %s', async (_name, tree, request, message) => {
    expect(await refusal(tree, request)).toBe(message);
  });
});

describe('the manifests of an apps repository', () => {
  test('are those of the app’s folder "deploy"', async () => {
    const apps = workTree(join(FIXTURES, 'apps'));
    const found = await readDeployFolder(apps, 'mailer');
    expect(found?.folder).toBe('apps/mailer/deploy');
    expect([...(found?.files.keys() ?? [])].sort()).toEqual(['deployment.yaml', 'kustomization.yaml']);
    expect(await readDeployFolder(apps, 'nothing')).toBeUndefined();
  });

  test.each([
    [
      { 'deploy/deployment.yaml': 'kind: Deployment\n' },
      'deploy has no kustomization. Add deploy/kustomization.yaml that lists its manifests.',
    ],
    [
      { 'deploy/kustomization.yaml': 'resources: [../shared]\n' },
      'deploy/kustomization.yaml takes in ../shared, which is outside of deploy, so it would be missing in the ops repository.',
    ],
    [
      Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`deploy/${index}.yaml`, ''])),
      'deploy has 101 files, expected at most 100 manifests.',
    ],
  ])('are refused where they are not whole: $#', async (files, message) => {
    await expect(readDeployFolder(objectTree(files), 'web')).rejects.toThrow(message);
  });
});
