import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { allEnvironments, environmentsOf } from '../../../src/ops/overlays/environments.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../src/ops/tree/tree-reader.js';

/** A tree of files in memory that remembers what was asked of it. */
function treeOf(files: Record<string, string>): TreeReader & { asked: string[] } {
  const tree = objectTree(files);
  const asked: string[] = [];
  return {
    asked,
    read(path) {
      asked.push(path);
      return tree.read(path);
    },
    list(path) {
      asked.push(`${path}/`);
      return tree.list(path);
    },
  };
}

const OSTACK = treeOf({
  'ostack.yaml': '',
  '.github/workflows/x.yml': '',
  'bases/my-app/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/my-app/deployment.yaml': '',
  'overlays/README.md': '',
  'overlays/staging/my-app/kustomization.yaml': `resources:
  - ../../../bases/my-app
  - https://github.com/acme/apps//apps/my-app/deploy?ref=my-app-v1.0.0
  - ./service.yaml
  - jobs
  - missing.yaml
  - ../other-app/x.yaml
  - /etc/passwd.yaml
patches:
  - path: patches/version.yaml
  - patch: |-
      kind: Deployment
patchesStrategicMerge:
  - |-
    kind: Job
configMapGenerator:
  - name: values
    files: [values.yaml=helm/values.yaml, logo.png]
secretGenerator:
  - name: s
    files: [secret.yaml]
`,
  'overlays/staging/my-app/service.yaml': 'service',
  'overlays/staging/my-app/jobs/kustomization.yml': 'resources: [job.yaml, ../service.yaml, ../jobs]\n',
  'overlays/staging/my-app/jobs/job.yaml': 'job',
  'overlays/staging/my-app/patches/version.yaml': 'version',
  'overlays/staging/my-app/helm/values.yaml': 'generated',
  'overlays/staging/my-app/values-eu.yaml': 'beside',
  'overlays/staging/my-app/secret.yaml': 'secret',
  'overlays/staging/other-app/x.yaml': 'x',
  'overlays/production/plain/application.yaml': 'kind: Application',
  'overlays/production/plain/notes.md': '',
});

const GROUPS = treeOf({
  'apps/base/my-app/kustomization.yaml': '',
  'apps/overlays/staging/kustomization.yaml': `resources:
  - ../../base/my-app
  - ../../base/web
  - ../../base/worker
patches:
  - path: my-app/version.yaml
  - path: my-app/_settings.yaml
  - path: web/version.yaml
  - path: worker.yaml
  - path: patches/worker-version.yaml
  - path: patches/other-worker.yaml
images:
  - name: ghcr.io/acme/shop-web
    newTag: 1.0.0
`,
  'apps/overlays/staging/my-app/version.yaml': 'one',
  'apps/overlays/staging/my-app/_settings.yaml': 'two',
  'apps/overlays/staging/my-app/unused.yaml': 'three',
  'apps/overlays/staging/web/version.yaml': 'web',
  'apps/overlays/staging/worker.yaml': 'worker',
  'apps/overlays/staging/patches/worker-version.yaml': 'version',
  'infra/overlays/staging/kustomization.yaml': 'resources: [../../base/redis]\n',
  'infra/overlays/production/kustomization.yaml': 'resources: []\n',
  'profiles/eu/apps.yaml': '',
});

describe('the layout', () => {
  test('is detected from the tree', async () => {
    expect(await locateOverlays(OSTACK, NO_POLICY)).toMatchObject({ templates: ['overlays/{environment}/{app}'] });
    expect(await locateOverlays(GROUPS, NO_POLICY)).toMatchObject({
      templates: ['apps/overlays/{environment}', 'infra/overlays/{environment}'],
    });
  });

  test('is what the policy says', async () => {
    const tree = treeOf({});
    expect(await locateOverlays(tree, { ...NO_POLICY, overlays: ['clusters/{environment}/{app}'] })).toMatchObject({
      templates: ['clusters/{environment}/{app}'],
    });
    expect(tree.asked).toEqual([]);
  });

  test('of neither kind says what was expected', async () => {
    await expect(locateOverlays(treeOf({ 'charts/a/b.yaml': '', 'README.md': '' }), NO_POLICY)).rejects.toThrow(
      'Found at the top: charts (with a).\nAdd overlays/<environment>/<app>/kustomization.yaml.',
    );
  });

  test.each([
    [OSTACK, ['overlays/{environment}/{app}'], ['production', 'staging']],
    [GROUPS, ['apps/overlays/{environment}', 'infra/overlays/{environment}'], ['production', 'staging']],
    [
      treeOf({ 'my-app/env-a/x.yaml': '', 'my-app/env-b/x.yaml': '', 'my-app/c/x': '' }),
      ['{app}/env-{environment}'],
      ['a', 'b'],
    ],
    [treeOf({}), ['{environment}/{app}'], []],
  ])('knows its environments', async (tree, templates, environments) => {
    expect(await environmentsOf(tree, { templates }, 'my-app')).toEqual(environments);
  });

  test('knows those of all apps where each app has its own', async () => {
    const tree = treeOf({ 'apps/my-app/staging/a.yaml': '', 'apps/other/demo/a.yaml': '', 'apps/README.md': '' });
    const layout = { templates: ['apps/{app}/{environment}'] };
    expect(await environmentsOf(tree, layout, '')).toEqual(['demo', 'staging']);
    expect(await allEnvironments(tree, layout, NO_POLICY)).toEqual(['demo', 'staging']);
  });
});

describe("an app's overlay", () => {
  const layout = { templates: ['overlays/{environment}/{app}'] };

  test('is its kustomization with what that takes in from inside the overlay', async () => {
    OSTACK.asked.length = 0;
    const overlay = await readOverlay(OSTACK, layout, 'staging', 'my-app');
    expect(overlay?.folder).toBe('overlays/staging/my-app');
    expect(overlay?.files.map((file) => file.path.replace('overlays/staging/my-app/', ''))).toEqual([
      'kustomization.yaml',
      'service.yaml',
      'jobs/kustomization.yml',
      'patches/version.yaml',
      'helm/values.yaml',
      'jobs/job.yaml',
      'values-eu.yaml',
    ]);
    expect(OSTACK.asked.filter((path) => path.endsWith('/'))).toEqual(['overlays/staging/my-app/']);
    expect(OSTACK.asked.every((path) => /^overlays\/staging\/my-app(\/|$)/.test(path))).toBe(true);
  });

  test('without a kustomization is every manifest of its folder', async () => {
    expect(await readOverlay(OSTACK, layout, 'production', 'plain')).toEqual({
      folder: 'overlays/production/plain',
      files: [
        {
          path: 'overlays/production/plain/application.yaml',
          text: 'kind: Application',
          ...{ app: 'plain', environment: 'production' },
        },
      ],
    });
  });

  test('is nothing where the environment does not have the app', async () => {
    expect(await readOverlay(OSTACK, layout, 'production', 'my-app')).toBeUndefined();
    expect(await readOverlay(OSTACK, layout, 'nowhere', 'my-app')).toBeUndefined();
  });

  test('in a group is the kustomization of all its apps and the files of this one', async () => {
    const groups = await locateOverlays(GROUPS, NO_POLICY);
    const paths = async (app: string) =>
      (await readOverlay(GROUPS, groups, 'staging', app))?.files.map((file) =>
        file.path.replace('apps/overlays/staging/', ''),
      );
    expect(await paths('my-app')).toEqual(['kustomization.yaml', 'my-app/version.yaml', 'my-app/_settings.yaml']);
    expect(await paths('worker')).toEqual(['kustomization.yaml', 'worker.yaml', 'patches/worker-version.yaml']);
    expect(await paths('shop')).toEqual(['kustomization.yaml']);
    expect(await paths('redis')).toEqual(['infra/overlays/staging/kustomization.yaml']);
    expect(await paths('other')).toBeUndefined();
  });

  test.each(['..', '../x', 'a..b', 'a/b', '', '-x', 'a.', 'a b'])(
    'never leaves the repository through the name %j',
    async (name) => {
      await expect(readOverlay(OSTACK, layout, 'staging', name)).rejects.toThrow('cannot be part of a path');
      await expect(readOverlay(OSTACK, layout, name, 'my-app')).rejects.toThrow('cannot be part of a path');
    },
  );
});
