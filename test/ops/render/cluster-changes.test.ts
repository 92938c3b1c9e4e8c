import { expect, test } from '@jest/globals';
import { clusterChanges } from '../../../src/ops/render/cluster-changes.js';

test('of a change of very many overlays nothing is built, and that is said', async () => {
  const paths = Array.from({ length: 201 }, (_, index) => `overlays/staging/app-${index}/kustomization.yaml`);
  const change = { files: new Map(paths.map((path) => [path, ''])) };
  const unread = () => Promise.reject(new Error('nothing is to be read'));
  const tree = { read: unread, list: unread };
  expect(await clusterChanges(tree, { templates: ['overlays/{environment}/{app}'] }, change)).toEqual({
    unavailable: 'The rendered difference is left out: 201 overlays change, and at most 200 are built for it.',
  });
});
