import { expect, test } from '@jest/globals';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { misnamedFolders } from '../../../src/ops/overlays/misnamed-folders.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const PATCH = 'spec: { containers: [{ image: ghcr.io/acme/far:1.0.0 }] }\n';
const GROUPS = objectTree({
  'apps/base/shop/kustomization.yaml': '',
  'apps/base/unused/kustomization.yaml': '',
  'apps/base/my shop/kustomization.yaml': '',
  'apps/overlays/staging/kustomization.yaml':
    'resources:\n- ../../base/shop\n- ../../base/my shop\n- https://github.com/acme/apps//apps/other/deploy?ref=v2.0.0\n- ../../base\npatches:\n  - path: far/version.yaml\n  - path: notes/a.yaml\n',
  'apps/overlays/staging/far/version.yaml': PATCH,
  'apps/overlays/staging/notes/a.yaml': 'kind: Deployment\n',
  'apps/overlays/pre prod/kustomization.yaml': '',
});
const OSTACK = objectTree({
  'overlays/staging/shop/kustomization.yaml': '',
  'overlays/staging/my\n::error::shop/kustomization.yaml': '',
  'overlays/staging/_parts/kustomization.yaml': '',
  'overlays/staging/.hidden/kustomization.yaml': '',
  'overlays/..x/shop/kustomization.yaml': '',
});
const APP_FIRST = objectTree({
  'apps/shop/overlays/staging/kustomization.yaml': '',
  'apps/shop/overlays/a b/kustomization.yaml': '',
  'apps/$x/overlays/staging/kustomization.yaml': '',
});

test.each([
  [
    'groups',
    GROUPS,
    'apps/overlays/{environment}',
    ['far', 'other', 'shop'],
    ['apps/base/my shop', 'apps/overlays/pre prod'],
  ],
  ['overlays', OSTACK, 'overlays/{environment}/{app}', ['shop'], ['overlays/staging/my\\n::error::shop']],
  ['apps first', APP_FIRST, 'apps/{app}/overlays/{environment}', ['shop'], ['apps/$x', 'apps/shop/overlays/a b']],
])('%s: apps are what is named as one, and other folders are reported', async (_, tree, template, apps, folders) => {
  const layout = { templates: [template] };
  expect(await environmentApps(tree, layout, 'staging')).toEqual(apps);
  const sentences = await misnamedFolders(tree, layout);
  expect(sentences.map((sentence) => /^The folder "(.*)" is left out: /.exec(sentence)?.[1])).toEqual(folders);
});
