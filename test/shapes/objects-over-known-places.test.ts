import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from '../ops/verbs/bump/bump-of.js';
import { countingTree, openedTree } from './counting-tree.js';
import { application, both, kustomization } from './reconciler-objects.js';

type Files = Record<string, string>;

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const entry = `images:\n- name: ghcr.io/acme/web\n  newTag: 1.0.0\n`;
const deployment = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: ghcr.io/acme/web }] } } }\n`;
const base: Files = { 'bases/web/kustomization.yaml': 'resources: [web.yaml]\n', 'bases/web/web.yaml': deployment };

/** Repositories whose places are known without their objects, with the folder of web in production. */
const PLACES: [string, folder: string, Files][] = [
  [
    'the oStack layout',
    'overlays/production/web',
    both((environment) => ({
      [`overlays/${environment}/web/kustomization.yaml`]: `resources: [../../../bases/web]\n${entry}`,
    })),
  ],
  [
    'places that ostack.yaml says',
    'deploy/production/web',
    {
      'ostack.yaml': 'overlays: ["deploy/{environment}/{app}"]\n',
      ...both((environment) => ({
        [`deploy/${environment}/web/kustomization.yaml`]: `resources: [../../../bases/web]\n${entry}`,
      })),
    },
  ],
];

const argo = (more: string, folder: string): string => application('web-production', folder, { more });
const flux = (more: string, folder: string): string =>
  kustomization('web-production', `./${folder}`, 'flux-system', more);

/** Objects over an overlay, with what a bump of it says or changes beside the overlay. */
const OBJECTS: [string, path: string, objectOf: (folder: string) => string, told: RegExp][] = [
  [
    'images of an Application',
    'argocd/production/web.yaml',
    (folder) => argo('    kustomize:\n      images: ["ghcr.io/acme/web:1.0.0"]\n', folder),
    /^argocd\/production\/web\.yaml/,
  ],
  [
    'images of a Flux Kustomization',
    'clusters/production/web.yaml',
    (folder) => flux('  images:\n  - name: ghcr.io/acme/web\n    newTag: 1.0.0\n', folder),
    /^clusters\/production\/web\.yaml/,
  ],
  [
    'an image updater',
    'argocd/web.yaml',
    (folder) =>
      argo('', folder).replace(
        'metadata:\n',
        'metadata:\n  annotations: { argocd-image-updater.argoproj.io/image-list: web=ghcr.io/acme/web }\n',
      ),
    /argocd\/web\.yaml/,
  ],
  [
    'another revision',
    'argocd/web.yaml',
    (folder) => argo('', folder).replace('targetRevision: HEAD', 'targetRevision: v1.2.0'),
    /deploys .* of v1\.2\.0/,
  ],
];

async function requestsOf(files: Files): Promise<number> {
  const counting = countingTree(files);
  await locateOverlays(openedTree(files, counting.tree), readPolicy(files['ostack.yaml']));
  return counting.requests();
}

async function bumped(files: Files): Promise<string> {
  const tree = objectTree(files);
  const layout = { ...(await locateOverlays(tree, readPolicy(files['ostack.yaml']))), branch: 'main' };
  const { plan, problem } = await planOverlay(tree, layout, bumpOf('production', WEB), [WEB]);
  return problem?.message ?? [...(plan?.state === 'change' ? plan.change.files.keys() : [])].sort().join(' ');
}

describe.each(PLACES)('in %s', (_, folder, own) => {
  const files: Files = { ...base, ...own };

  test.each(OBJECTS)('%s over the overlay are seen, for one request', async (__, path, objectOf, told) => {
    const withObject = { ...files, [path]: objectOf(folder) };
    expect(await bumped(withObject)).toMatch(told);
    expect(await requestsOf(withObject)).toBe(1);
  });

  test('a tree without objects costs no request', async () => {
    expect(await requestsOf({ ...files, 'clusters/README.md': '' })).toBe(0);
  });

  test('very many objects cost no more', async () => {
    const many = Array.from({ length: 500 }, (__, index) => [
      `argocd/apps/web-${index}.yaml`,
      argo('', `${folder}-${index}`),
    ]);
    expect(await requestsOf({ ...files, ...Object.fromEntries(many) })).toBe(1);
  });
});
