import { describe, expect, test } from '@jest/globals';
import type { Layout } from '../../../../../src/ops/overlays/layout.js';
import { usedFolders } from '../../../../../src/ops/verbs/previews/manifests/used-folders.js';

const GROUPS: Layout = { templates: ['apps/overlays/{environment}', 'infra/overlays/{environment}'] };
const OSTACK: Layout = { templates: ['overlays/{environment}/{app}'] };
const OWN: Layout = { templates: ['apps/{app}/overlays/{environment}'], environments: ['staging', 'production'] };
const CLUSTERS: Layout = {
  templates: ['deploy/{environment}'],
  places: new Map([['deploy/{environment}', new Map([['staging', 'deploy/staging-eu']])]]),
};

describe('what a preview is built from, without what releases change', () => {
  test.each<[string, Layout, string[], string[]]>([
    ['the bases of the usual layout', OSTACK, ['bases/shop/web.yaml', 'bases/shop/kustomization.yaml'], ['bases']],
    [
      'the base of a group',
      GROUPS,
      ['apps/base/shop/web.yaml', 'apps/components/tls/x.yaml'],
      ['apps/base', 'apps/components'],
    ],
    ['of two groups', GROUPS, ['apps/base/shop/web.yaml', 'infra/base/x.yaml'], ['apps/base', 'infra/base']],
    ['the base beside the overlays of its app', OWN, ['apps/shop/base/web.yaml'], ['apps/shop/base']],
    ['another app, as a whole', OWN, ['apps/lib/base/x.yaml'], ['apps/lib']],
    ['the base beside clusters', CLUSTERS, ['deploy/base/x.yaml'], ['deploy/base']],
    ['a file beside the overlays', GROUPS, ['apps/common.yaml'], ['apps/common.yaml']],
    ['a folder with the overlays in it', GROUPS, ['apps'], ['apps']],
    ['a file of the overlay itself', GROUPS, ['apps/overlays/staging/shop/x.yaml'], ['apps/overlays/staging/shop']],
    ['a folder that only begins alike', GROUPS, ['apps/overlays-base/x.yaml'], ['apps/overlays-base']],
    ['nothing outside of the repository', GROUPS, ['../x/y.yaml', '..'], []],
  ])('%s', (_, layout, opened, expected) => {
    expect(usedFolders(opened, layout, 'staging', 'shop')).toEqual(expected);
  });
});
