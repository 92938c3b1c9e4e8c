import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { objectsOf } from '../../src/ops/live/watched-objects.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { countingTree, openedTree } from './counting-tree.js';

type Files = Record<string, string>;

const kustomization = (name: string, path: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { path: ./${path}, sourceRef: { kind: GitRepository, name: flux-system } }\n`;
const overlay = 'images: [{ name: ghcr.io/acme/web, newTag: 1.0.0 }]\n';
const names = (count: number) => Array.from({ length: count }, (_, index) => `region-${index + 1}`);

/** Each environment has a cluster with a folder of its own, set up by `flux bootstrap`. */
function fleet(count: number, more: Files = {}): Files {
  const own = names(count).flatMap((name) => [
    [`overlays/${name}/web/kustomization.yaml`, overlay],
    [`clusters/${name}/web.yaml`, kustomization(`web-${name}`, `overlays/${name}/web`)],
    [`clusters/${name}/flux-system/gotk-sync.yaml`, source('https://github.com/acme/ops')],
    [`clusters/${name}/flux-system/kustomization.yaml`, 'resources: [gotk-sync.yaml]\n'],
  ]);
  return { 'bases/web/kustomization.yaml': 'resources: []\n', ...Object.fromEntries(own), ...more };
}

const source = (url: string, name = 'flux-system') =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { url: "${url}" }\n`;
const instance = (url: string) =>
  `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: flux, namespace: flux-system }\nspec: { sync: { kind: GitRepository, url: "${url}", ref: refs/heads/main, path: clusters/region-1 } }\n`;

async function layoutOf(files: Files, count: number, said = '') {
  const { tree, requests } = countingTree(files);
  const policy = readPolicy(
    `environments: { ${names(count)
      .map((name) => `${name}: {}`)
      .join(', ')} }\n${said}`,
  );
  const layout = await locateOverlays(openedTree(files, tree), policy);
  return { layout, requests: requests() };
}

describe('of a fleet whose clusters have a folder each, all are seen', () => {
  const nested = (count: number) =>
    Object.fromEntries(Object.entries(fleet(count)).filter(([path]) => !path.startsWith('bases/')));
  test.each<[string, number, (count: number) => Files, string]>([
    ['two', 2, fleet, ''],
    ['two hundred', 200, fleet, ''],
    [
      'two hundred, where the policy says where overlays are',
      200,
      fleet,
      'overlays: ["overlays/{environment}/{app}"]\n',
    ],
    ['two hundred, by their objects alone', 200, nested, ''],
  ])('%s, in as many rounds of requests as few', async (_, count, filesOf, said) => {
    const few = await layoutOf(filesOf(2), 2, said);
    const { layout, requests } = await layoutOf(filesOf(count), count, said);
    expect(names(count).filter((name) => objectsOf(layout, name).length !== 1)).toEqual([]);
    expect(requests).toBe(few.requests);
  });
});

test('what sets up the Flux of a cluster deploys no overlay', async () => {
  const sync = `${source('https://github.com/acme/ops')}---\n${kustomization('flux-system', 'overlays/region-1/web')}`;
  const { layout } = await layoutOf(fleet(1, { 'clusters/region-1/flux-system/gotk-sync.yaml': sync }), 1);
  expect(objectsOf(layout, 'region-1').map(({ name }) => name)).toEqual(['web-region-1']);
});

describe('where a cluster takes this repository from', () => {
  const system = 'clusters/region-1/flux-system';
  const gone = { [`${system}/gotk-sync.yaml`]: '' };
  test.each<[string, Files, string[], number]>([
    ['is read in what flux bootstrap writes, in one request', {}, ['flux-system acme/ops'], 1],
    [
      'is read in a file of any name, one request later',
      { ...gone, [`${system}/git.yaml`]: source('https://github.com/acme/other') },
      ['flux-system acme/other'],
      2,
    ],
    [
      'is read of a FluxInstance',
      { ...gone, [`${system}/instance.yaml`]: instance('https://github.com/acme/other.git') },
      ['flux-system acme/other'],
      2,
    ],
    [
      'is read of a FluxInstance beside the other objects',
      { ...gone, 'clusters/region-1/instance.yaml': instance('https://github.com/acme/other') },
      ['flux-system acme/other'],
      1,
    ],
    [
      'is not read in the controllers',
      { [`${system}/gotk-components.yaml`]: source('https://github.com/acme/never', 'never') },
      ['flux-system acme/ops'],
      1,
    ],
  ])('%s', async (_, more, expected, most) => {
    const { layout, requests } = await layoutOf(fleet(1, more), 1);
    expect(layout.gitSources?.map(({ name, repository }) => `${name} ${repository}`)).toEqual(expected);
    expect(requests).toBe(most);
  });
});
