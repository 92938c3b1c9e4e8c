import { expect, test } from '@jest/globals';
import { openPreviews } from '../../../src/ops/judgement/open-previews.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { previewNamespaces } from '../../../src/ops/preview-records/namespaces.js';
import { flux } from '../../../src/ops/reconcilers/flux/flux.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const CLUSTER = {
  ...{ environment: 'staging', branch: 'ostack/previews', objects: [] },
  repositoryUrl: 'https://github.com/acme/ops',
};
const FOLDER = 'previews/clusters/staging';
const OPEN = flux.previews.object(FOLDER, CLUSTER);
const BOUNDS = { namespaces: previewNamespaces([]), podSecurity: ['restricted'], hasNetwork: true, hosts: undefined };
const CONFINED = flux.previews.confinedObject(FOLDER, CLUSTER, BOUNDS);

test.each<[what: string, root: string | undefined, expected: string | undefined]>([
  ['takes previews with all rights', OPEN, 'staging'],
  ['confines them', CONFINED, undefined],
  ['takes none', undefined, undefined],
])('a cluster that %s', async (_what, root, expected) => {
  const tree = objectTree({
    'clusters/staging/shop.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    ...(root === undefined ? {} : { 'clusters/staging/previews/ostack-previews.yaml': root }),
  });
  const policy = readPolicy('environments: { staging: {} }\npreviews: { host: staging, reconciler: flux }\n');
  expect(await openPreviews(tree, policy)).toBe(expected);
});
