import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { withAppsByImage, withNamedApps } from '../../../src/ops/overlays/apps-by-image.js';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { overlayOfPath } from '../../../src/ops/overlays/overlay-path.js';
import { NO_POLICY, readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { inspect } from '../../../src/ops/verbs/check/inspect.js';
import { countingTree } from '../../shapes/counting-tree.js';
import { comparisonOf } from '../verbs/check/support.js';

const runs = (image: string, version = '1.0.0') =>
  `resources: [../../../bases/any]\nimages:\n- name: ${image}\n  newTag: ${version}\n`;
const overlay = (environment: string, folder: string, image: string) => ({
  [`overlays/${environment}/${folder}/kustomization.yaml`]: runs(image),
});
const both = (folder: string, image: string) => ({
  ...overlay('staging', folder, image),
  ...overlay('production', folder, image),
});
const BASES = { 'bases/any/kustomization.yaml': '' };

async function namedIn(files: Record<string, string>, policy = NO_POLICY) {
  const tree = objectTree({ ...BASES, ...files });
  const layout = await withAppsByImage(tree, await locateOverlays(tree, policy), policy);
  return environmentApps(tree, layout, 'staging');
}

describe('an app whose folder has another name', () => {
  const files = { ...BASES, ...both('frontend', 'ghcr.io/acme/web'), ...both('api', 'ghcr.io/acme/api') };

  test('is called as its image, and only so', async () => {
    const tree = objectTree(files);
    const layout = await withAppsByImage(tree, await locateOverlays(tree, NO_POLICY), NO_POLICY);
    expect(await environmentApps(tree, layout, 'staging')).toEqual(['api', 'web']);
    expect(await readOverlay(tree, layout, 'production', 'web')).toMatchObject({
      folder: 'overlays/production/frontend',
    });
    expect(overlayOfPath(layout, 'overlays/staging/frontend/kustomization.yaml')).toMatchObject({
      environment: 'staging',
      app: 'web',
    });
  });

  test('is looked for only where an app is not there by its name, in a few requests', async () => {
    const { tree, requests } = countingTree(files);
    const layout = await locateOverlays(tree, NO_POLICY);
    const known = await withNamedApps(tree, layout, NO_POLICY, ['staging'], ['api']);
    expect(known).toBe(layout);
    const before = requests();
    const found = await withNamedApps(tree, layout, NO_POLICY, ['staging'], ['api', 'web']);
    expect(found.apps?.get('web')?.overlay).toBe('overlays/{environment}/frontend');
    expect(requests() - before).toBeLessThanOrEqual(4);
  });

  test('has that name in a check', async () => {
    const path = 'overlays/staging/frontend/kustomization.yaml';
    const { held } = await inspect(comparisonOf(files, { ...files, [path]: runs('ghcr.io/acme/web', '2.0.0') }));
    expect(held).toMatchObject([{ environment: 'staging', app: 'web', version: '2.0.0', moves: true }]);
  });

  test('and with parts, is called as the image that the others are parts of', async () => {
    const parts = `${runs('ghcr.io/acme/web')}- name: ghcr.io/acme/web-worker\n  newTag: 1.0.0\n`;
    expect(await namedIn({ 'overlays/staging/frontend/kustomization.yaml': parts })).toEqual(['web']);
  });
});

test.each<[string, Record<string, string>, string[]]>([
  ['an image of the same name', both('web', 'ghcr.io/acme/web'), ['web']],
  ['a part of the app', both('web', 'ghcr.io/acme/web-server'), ['web']],
  ['an image of a guest workspace', both('growth-web', 'ghcr.io/acme/growth/web'), ['growth-web']],
  ['an image of Docker Hub', both('homepage', 'nginx'), ['homepage']],
  [
    'an app of the name that is there',
    { ...both('web', 'ghcr.io/acme/web'), ...both('next', 'ghcr.io/acme/web') },
    ['next', 'web'],
  ],
  ['two folders with one image', { ...both('a', 'ghcr.io/acme/web'), ...both('b', 'ghcr.io/acme/web') }, ['a', 'b']],
  [
    'different images in different environments',
    {
      ...overlay('staging', 'frontend', 'ghcr.io/acme/web'),
      ...overlay('production', 'frontend', 'ghcr.io/acme/site'),
    },
    ['frontend'],
  ],
  [
    'images that are not parts of one',
    {
      'overlays/staging/frontend/kustomization.yaml': `${runs('ghcr.io/acme/web')}- name: ghcr.io/acme/proxy\n  newTag: 1.0.0\n`,
    },
    ['frontend'],
  ],
  ['no image', { 'overlays/staging/frontend/kustomization.yaml': 'resources: [../../../bases/any]\n' }, ['frontend']],
  ['a broken file', { 'overlays/staging/frontend/kustomization.yaml': 'images: [\n' }, ['frontend']],
])('a folder keeps its name with %s', async (_, files, apps) => {
  expect(await namedIn(files)).toEqual(apps);
});

test('very many folders keep their names, until the policy names an app', async () => {
  const many = Object.assign(
    {},
    ...Array.from({ length: 70 }, (_, index) => overlay('staging', `folder-${index}`, `ghcr.io/acme/app-${index}`)),
  );
  expect(await namedIn(many)).toContain('folder-3');
  const policy = readPolicy('apps: { app-3: { overlay: "overlays/{environment}/folder-3" } }\n');
  const apps = await namedIn(many, policy);
  expect(apps).toContain('app-3');
  expect(apps).not.toContain('folder-3');
});
