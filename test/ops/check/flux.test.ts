import { expect, test } from '@jest/globals';
import type { Side } from '../../../src/ops/check/comparison.js';
import { fluxProblems } from '../../../src/ops/check/flux.js';
import { objectTree } from '../../../src/ops/snapshot/object-tree.js';

function side(files: Record<string, string>): Side {
  return { oid: '', root: '', tree: objectTree(files), paths: Object.keys(files) };
}

function flux(name: string, path: string, ...dependsOn: string[]): string {
  const waits = dependsOn.map((each) => `\n  - name: ${each}`).join('');
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name} }\nspec:\n  path: ${path}\n  dependsOn:${waits || ' []'}\n`;
}

test('paths and dependencies of Flux that a change breaks are errors, others are warnings', async () => {
  const base = {
    'clusters/a/shop.yaml': flux('shop', './overlays/a/shop', 'redis', 'lost'),
    'clusters/a/redis.yaml': flux('redis', './elsewhere'),
    'overlays/a/shop/kustomization.yaml': '',
  };
  const head = { 'clusters/a/shop.yaml': base['clusters/a/shop.yaml'], 'clusters/a/more.yaml': flux('more', '/none') };
  const problems = await fluxProblems(side(base), side(head));
  expect(problems.map(({ level, file, line, message }) => [level, file, line, message.split(': ')[1]])).toEqual([
    ['error', 'clusters/a/shop.yaml', 5, expect.stringContaining('deploys "./overlays/a/shop", which is no folder')],
    ['error', 'clusters/a/shop.yaml', 7, expect.stringContaining('depends on "redis"')],
    ['warning', 'clusters/a/shop.yaml', 8, expect.stringContaining('depends on "lost"')],
    ['warning', 'clusters/a/more.yaml', 5, expect.stringContaining('deploys "/none"')],
  ]);
});
