import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { foldersOfApplication } from '../../src/ops/reconcilers/argocd/deployed-folders.js';
import { inputsOfArgocd } from '../../src/ops/reconcilers/argocd/inputs.js';
import { objectsIn } from '../../src/ops/reconcilers/objects.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { countingTree } from './counting-tree.js';
import { setOf } from './reconciler-objects.js';

type Files = Record<string, string>;

/** An ApplicationSet that makes each app of both environments, and its folders. */
function filesOf(count: number, folderOf: (environment: string, app: string, index: number) => string): Files {
  const all = Array.from({ length: count }, (_, index) =>
    ['staging', 'production'].map((environment) => ({ environment, app: `app${index}`, index })),
  ).flat();
  const elements = all.map(
    ({ environment, app, index }) =>
      `      - { app: ${app}, env: ${environment}, folder: ${folderOf(environment, app, index)} }\n`,
  );
  const set = setOf(`  - list:\n      elements:\n${elements.join('').trimEnd()}`, 'things/{{folder}}');
  const overlays = all.map(({ environment, app, index }) => [
    `things/${folderOf(environment, app, index)}/kustomization.yaml`,
    `images:\n- name: ghcr.io/acme/${app}\n  newTag: 1.0.0\n`,
  ]);
  return { 'argocd/all.yaml': set, ...Object.fromEntries(overlays) };
}

async function appsIn(files: Files) {
  const { tree, requests } = countingTree(files);
  const layout = await locateOverlays(tree, readPolicy(files['ostack.yaml']));
  return { requests: requests(), apps: await environmentApps(objectTree(files), layout, 'staging') };
}

describe('of an ApplicationSet that makes very many Applications, none is lost in silence', () => {
  test.each([20, 50, 400])('a pattern stands for all of %d apps', async (count) => {
    const { apps, requests } = await appsIn(filesOf(count, (environment, app) => `${environment}/${app}`));
    expect(apps).toHaveLength(count);
    expect(requests).toBeLessThanOrEqual(4);
  });

  test('few places that fit no pattern are each known', async () => {
    expect(
      (await appsIn(filesOf(20, (environment, app, index) => `${app}/v${index}/${environment}`))).apps,
    ).toHaveLength(20);
  });

  test.each([50, 400])('of %d that fit no pattern, those that are not looked at are asked', async (count) => {
    const files = filesOf(count, (environment, app, index) => `${app}/v${index}/${environment}`);
    await expect(appsIn(files)).rejects.toThrow(
      /deploy more folders than are looked at, .* are left, such as things\/app30\/v30\/staging \(argocd\/all\.yaml\)/,
    );
  });

  test('and what the question says to paste works', async () => {
    const files = filesOf(50, (environment, app, index) => `${app}/v${index}/${environment}`);
    const message = await appsIn(files).catch((error: Error) => error.message);
    const lines = String(message).split('\n\n')[1] ?? '';
    expect(lines).toBe('overlays:\n  - "things/{app}/*/{environment}"\n');
    expect((await appsIn({ ...files, 'ostack.yaml': lines })).apps).toHaveLength(50);
  });
});

test.each([30, 150])('all of %d apps whose folders a generator finds are known', async (count) => {
  const set = setOf(
    '  - git:\n      directories:\n      - path: things/*/deploy/*',
    '{{path}}',
    '{{path[1]}}-{{path.basename}}',
  );
  const overlays = Array.from({ length: count }, (_, index) =>
    ['staging', 'production'].map((environment) => [
      `things/app${index}/deploy/${environment}/kustomization.yaml`,
      `images:\n- name: ghcr.io/acme/app${index}\n  newTag: 1.0.0\n`,
    ]),
  ).flat();
  const { apps, requests } = await appsIn({ 'argocd/all.yaml': set, ...Object.fromEntries(overlays) });
  expect(apps).toHaveLength(count);
  expect(requests).toBeLessThanOrEqual(6);
});

test('what is more than are looked at of one ApplicationSet may be anything', () => {
  const [object] = objectsIn(
    filesOf(400, (environment, app) => `${environment}/${app}`)['argocd/all.yaml'] ?? '',
    'a.yaml',
  );
  const few = objectsIn(
    filesOf(100, (environment, app) => `${environment}/${app}`)['argocd/all.yaml'] ?? '',
    'a.yaml',
  )[0];
  const paths = (each: typeof object) =>
    each === undefined ? [] : foldersOfApplication(each.object).map(({ path }) => path);
  expect(paths(object).at(-1)).toBe('things/*');
  expect(object && inputsOfArgocd(object.object)?.paths.at(-1)).toBe('things/*');
  expect(paths(few)).toHaveLength(200);
  expect(paths(few).some((path) => path.includes('*'))).toBe(false);
});
