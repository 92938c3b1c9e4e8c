import { expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../src/ops/tree/tree-reader.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { base } from '../../shapes/files.js';
import { bumpOf } from '../verbs/bump/bump-of.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };

/** One kustomization for `web` and some other apps. */
function shared(others: number, more = '') {
  const names = Array.from({ length: others }, (_, index) => `app-${index}`);
  const overlay = (tag: string) =>
    `resources:\n- ../../base/web\n${names.map((name) => `- ../../base/${name}\n`).join('')}images:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n${more}`;
  return {
    ...base('base/web', 'web', ':0.9.0'),
    ...Object.assign({}, ...names.map((name) => base(`base/${name}`, 'api'))),
    'overlays/staging/kustomization.yaml': overlay('1.1.0'),
    'overlays/production/kustomization.yaml': overlay('1.0.0'),
  };
}

async function bump(files: Record<string, string>) {
  const tree = objectTree(files);
  const read = new Set<string>();
  const watched: TreeReader = {
    list: (path) => tree.list(path),
    read: (path) => {
      read.add(path);
      return tree.read(path);
    },
  };
  const layout = await locateOverlays(tree, NO_POLICY);
  const { plan, problem } = await planOverlay(watched, layout, bumpOf('staging', WEB), [WEB]);
  return { plan, problem, read: [...read] };
}

test.each([[3], [300]])('of a kustomization of %s other apps a release reads few files', async (others) => {
  const { plan, read } = await bump(shared(others));
  expect(plan?.state).toBe('change');
  expect(read.length).toBeLessThan(30);
});

test('where not all apps of a kustomization are read, no entry is added that may reach another one', async () => {
  const patch =
    'patches:\n- path: web/env.yaml\ntransformers:\n- |-\n  apiVersion: builtin\n  kind: ImageTagTransformer\n  metadata: {name: x}\n  imageTag: {name: ghcr.io/acme/web, newTag: 1.0.7}\n';
  const { problem } = await bump(shared(300, patch));
  expect(problem).toMatchObject({
    kind: 'in-vain',
    message: expect.stringContaining('would still run ghcr.io/acme/web:1.0.7'),
  });
});
