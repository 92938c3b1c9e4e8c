import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { deployment } from '../../support/deployment.js';

const web = (tag = '') => deployment('web', `{ name: web, image: ghcr.io/acme/web${tag} }`);
const api = deployment('backend', '{ name: api, image: ghcr.io/acme/api:5.0.0 }');
const base = { 'base/kustomization.yaml': 'resources: [deployment.yaml]\n', 'base/deployment.yaml': web(':1.0.0') };
const TARGET = { kind: 'image', repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' } as const;

/** Environments with one kustomization, in which nothing is called as the app; the file that a version goes to. */
const TREES: [string, Record<string, string>, string[], string][] = [
  [
    'the base alone has the image',
    { ...base, 'envs/staging/kustomization.yaml': 'resources: [../../base]\nnamespace: staging\n' },
    ['web'],
    'envs/staging/kustomization.yaml',
  ],
  [
    'a patch has the image',
    {
      ...base,
      'envs/staging/kustomization.yaml': 'resources: [../../base]\npatches: [{ path: version.yml }]\n',
      'envs/staging/version.yml': web(':1.1.0'),
    },
    ['web'],
    'envs/staging/version.yml',
  ],
  [
    'the manifests are in the folder',
    {
      'envs/staging/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'envs/staging/deployment.yaml': web(':1.1.0'),
    },
    ['web'],
    'envs/staging/deployment.yaml',
  ],
  [
    'the base gathers several apps',
    {
      'envs/staging/kustomization.yaml': 'resources: [../../base]\nnamespace: staging\n',
      'base/kustomization.yaml': 'resources: [web, server]\n',
      'base/web/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'base/web/deployment.yaml': web(':1.0.0'),
      'base/server/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'base/server/deployment.yaml': api,
    },
    ['api', 'web'],
    'envs/staging/kustomization.yaml',
  ],
  [
    'a base without a name is beside one with a name',
    {
      ...base,
      'envs/staging/kustomization.yaml': 'resources: [../../base, ../../api]\n',
      'api/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'api/deployment.yaml': deployment('api', '{ name: api, image: ghcr.io/acme/api:5.0.0 }'),
    },
    ['web'],
    'envs/staging/kustomization.yaml',
  ],
];

describe.each(TREES)('where %s', (_, files, apps, file) => {
  test('the app is called as its image, and takes a version', async () => {
    const tree = objectTree(files);
    const layout = { ...(await locateOverlays(tree, NO_POLICY)), environments: ['staging'] };
    expect(await environmentApps(tree, layout, 'staging')).toEqual(expect.arrayContaining(apps));
    const source = { repository: 'acme/apps', sha: '' };
    const target = { app: 'web', version: '2.0.0', images: [TARGET], release: undefined, source };
    const bump = { environment: 'staging', target, nameInApps: 'web', branch: '' };
    const { plan, problem } = await planOverlay(tree, layout, bump, [TARGET]);
    expect(problem).toBeUndefined();
    expect(plan?.state === 'change' && [...plan.change.files.keys()]).toEqual([file]);
    const changed = objectTree({ ...files, ...Object.fromEntries(plan?.state === 'change' ? plan.change.files : []) });
    const overlay = await readOverlay(changed, layout, 'staging', 'web');
    expect(deployedIn(overlay?.files ?? [], 'web').version).toBe('2.0.0');
    expect(await readOverlay(tree, layout, 'staging', 'other')).toBeUndefined();
  });
});
