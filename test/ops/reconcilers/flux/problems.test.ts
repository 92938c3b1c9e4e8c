import { expect, test } from '@jest/globals';
import { reconcilerProblems } from '../../../../src/ops/reconcilers/problems.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';

const NONE = new Set<string>();

function side(files: Record<string, string>) {
  return { tree: objectTree(files), paths: Object.keys(files) };
}

function flux(name: string, path: string, ...dependsOn: string[]): string {
  const waits = dependsOn.map((each) => `\n  - name: ${each}`).join('');
  return `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name} }\nspec:\n  path: ${path}\n  dependsOn:${waits || ' []'}\n`;
}

test('paths and dependencies of Flux that a change breaks are errors, new ones that lead nowhere are warnings', async () => {
  const base = {
    'clusters/a/shop.yaml': flux('shop', './overlays/a/shop', 'redis', 'lost'),
    'clusters/a/redis.yaml': flux('redis', './elsewhere'),
    'overlays/a/shop/kustomization.yaml': '',
  };
  const head = { 'clusters/a/shop.yaml': base['clusters/a/shop.yaml'], 'clusters/a/more.yaml': flux('more', '/none') };
  const problems = await reconcilerProblems({ base: side(base), head: side(head), changed: NONE }, NONE);
  expect(problems.map(({ level, file, line, message }) => [level, file, line, message.split(': ')[1]])).toEqual([
    ['error', 'clusters/a/shop.yaml', 5, expect.stringContaining('deploys "./overlays/a/shop", which is no folder')],
    ['warning', 'clusters/a/more.yaml', 5, expect.stringContaining('deploys "/none"')],
    ['error', 'clusters/a/shop.yaml', 7, expect.stringContaining('depends on "redis"')],
  ]);
});

test('what was wrong before in a file that the change leaves alone is not told, and is where the change writes it', async () => {
  const files = { 'clusters/a/shop.yaml': flux('shop', './gone', 'lost') };
  const told = async (changed: Set<string>) =>
    (await reconcilerProblems({ base: side(files), head: side(files), changed }, changed)).map(({ level }) => level);
  expect(await told(NONE)).toEqual([]);
  expect(await told(new Set(['clusters/a/shop.yaml']))).toEqual(['warning', 'warning']);
});

test.each<[source: string, count: number]>([
  ['{ kind: GitRepository, name: flux-system }', 1],
  ['{ kind: GitRepository, name: apps }', 0],
  ['{ kind: OCIRepository, name: flux-system }', 0],
  ['{ kind: Bucket, name: apps }', 0],
  ['{ kind: ExternalArtifact, name: apps }', 0],
])('the path of a Kustomization from %s is looked for %i times', async (source, count) => {
  const from = (name: string, sourceRef: string, path: string) =>
    `${flux(name, path)}  interval: 1h\n  prune: true\n  sourceRef: ${sourceRef}\n`;
  const base = {
    'clusters/a/own.yaml': from('own', '{ kind: GitRepository, name: flux-system }', './there'),
    'clusters/a/apps.yaml': from('apps', source, './deploy'),
    'there/a.yaml': '',
    'deploy/a.yaml': '',
  };
  const { 'deploy/a.yaml': _, ...head } = base;
  const found = await reconcilerProblems({ base: side(base), head: side(head), changed: NONE }, NONE);
  expect(found.map(({ level }) => level)).toEqual(Array(count).fill('error'));
});

test('a dependency that another source may have is a warning', async () => {
  const oci = `${flux('other', './x')}  sourceRef: { kind: OCIRepository, name: platform }\n`;
  const head = { 'a.yaml': flux('a', '', 'platform'), 'b.yaml': oci };
  const compared = { base: side({}), head: side(head), changed: new Set(['a.yaml', 'b.yaml']) };
  const found = (await reconcilerProblems(compared, NONE)).filter(({ message }) => message.includes('depends on'));
  expect(found.map(({ level }) => level)).toEqual(['warning']);
});

test('a new cycle is reported once, and not one that was there before', async () => {
  const base = { 'a.yaml': flux('a', './x', 'b'), 'b.yaml': flux('b', './x', 'a'), 'x/a.txt': '' };
  const more = {
    ...base,
    'c.yaml': flux('c', './x', 'd'),
    'd.yaml': flux('d', './x', 'e'),
    'e.yaml': flux('e', './x', 'c', 'a'),
  };
  const problems = await reconcilerProblems({ base: side(base), head: side(more), changed: NONE }, NONE);
  expect(problems.map(({ message }) => message)).toEqual([
    'c.yaml:7: the Flux Kustomizations c, d, e wait for each other, so none is ever deployed.',
  ]);
});

test('a missing field is reported where the change writes the object, unless that is a patch', async () => {
  const files = { 'a.yaml': flux('a', './x'), 'b.yaml': flux('b', './x'), 'c.yaml': flux('c', './x'), 'x/a.txt': '' };
  const compared = { base: side({}), head: side(files), changed: new Set(['a.yaml', 'b.yaml']) };
  const problems = await reconcilerProblems(compared, new Set(['b.yaml']));
  expect(problems.map(({ message }) => message)).toEqual([
    'a.yaml:1: the Flux Kustomization a lacks spec.interval, spec.prune, spec.sourceRef. The cluster refuses it.',
  ]);
});
