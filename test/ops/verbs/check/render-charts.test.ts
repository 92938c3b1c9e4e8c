import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import type { Helm } from '../../../../src/ops/render/run-helm.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { inspect } from '../../../../src/ops/verbs/check/inspect.js';
import { renderCharts } from '../../../../src/ops/verbs/check/render-charts.js';
import { comparisonOf } from './support.js';

type Files = Readonly<Record<string, string>>;

const RELEASE = 'overlays/production/shop/release.yaml';
const KUSTOMIZATION = { 'overlays/production/shop/kustomization.yaml': 'resources: [release.yaml]\n' };
const release = (version: string, more = 'values: { replicas: 2 }', source = 'kind: HelmRepository, name: acme') =>
  `kind: HelmRelease\nmetadata: { name: shop, namespace: web }\nspec:\n  chart: { spec: { chart: shop, version: ${version}, sourceRef: { ${source} } } }\n  ${more}\n`;
const chart = (text: string) => ({ 'charts/shop/Chart.yaml': 'name: shop\n', 'charts/shop/templates/a.yaml': text });

let scratch: string;
let asked: string[][];

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'render-charts-'));
  asked = [];
});
afterEach(() => rm(scratch, { recursive: true }));

/** A helm whose charts are one ConfigMap that says from which chart and values it is made. */
const helm: Helm = async (args) => {
  asked.push([...args]);
  if (args[0] === 'env') {
    return `${scratch}/cache\n`;
  }
  const path = args[2]?.replace(`${scratch}/`, '') ?? '';
  if (path.includes('broken')) {
    throw new Error('Error: template: broken');
  }
  const made = JSON.stringify([path.replace(/^(base|head)\//, ''), args.includes('--values'), path.startsWith('head')]);
  return `kind: ConfigMap\nmetadata: { name: ${args[1]}, namespace: ${args[4]} }\ndata: { from: '${made}' }\n`;
};

async function write(root: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

async function rendered(before: Files, after: Files, found: Helm | undefined = helm) {
  const comparison = comparisonOf(before, after);
  const [base, head] = [join(scratch, 'base'), join(scratch, 'head')];
  await Promise.all([write(base, before), write(head, after)]);
  const both = { ...comparison, base: { ...comparison.base, root: base }, head: { ...comparison.head, root: head } };
  const { held } = await inspect(both);
  const layout = await locateOverlays(objectTree(after), readPolicy(after['ostack.yaml']));
  const { groups, notRendered } = await renderCharts(async () => found, both, layout, held);
  return { groups: groups.map(({ environment, app, changes }) => [environment, app, changes.length]), notRendered };
}

test('a chart in helm’s cache is rendered before and after', async () => {
  await write(join(scratch, 'cache'), { 'shop-1.0.0.tgz': '', 'shop-1.1.0.tgz': '' });
  const before = { ...KUSTOMIZATION, [RELEASE]: release('1.0.0') };
  expect(await rendered(before, { ...before, [RELEASE]: release('1.1.0') })).toEqual({
    groups: [['production', 'shop', 1]],
    notRendered: [],
  });
  expect(asked.filter(([what]) => what === 'template').map((args) => args.slice(1, 6))).toEqual([
    ['shop', `${scratch}/cache/shop-1.0.0.tgz`, '--namespace', 'web', '--include-crds'],
    ['shop', `${scratch}/cache/shop-1.1.0.tgz`, '--namespace', 'web', '--include-crds'],
  ]);
});

test.each<[string, string, number, RegExp[]]>([
  ['a key twice', 'data: { a: "1", a: "$" }', 1, []],
  ['brackets that go on at their key', 'spec:\n  a: [1,\n  "$"]', 1, []],
  ['no YAML', 'spec: {$', 0, [/helm could not: helm printed something that is no valid YAML, at line 4/]],
])('what a chart with %s prints is read as materialize does', async (_what, text, count, messages) => {
  await write(join(scratch, 'cache'), { 'shop-1.0.0.tgz': '', 'shop-1.1.0.tgz': '' });
  const before = { ...KUSTOMIZATION, [RELEASE]: release('1.0.0') };
  const prints: Helm = async (args, folder) =>
    args[0] === 'env'
      ? helm(args, folder)
      : `kind: A\nmetadata: { name: a }\n${text.replace('$', args[2]?.includes('1.1.0') === true ? 'new' : 'old')}\n`;
  const { groups, notRendered } = await rendered(before, { ...before, [RELEASE]: release('1.1.0') }, prints);
  expect(groups).toHaveLength(count);
  expect(notRendered).toEqual(messages.map((message) => expect.stringMatching(message)));
});

test('a chart of the repository is rendered where it changes, and where its values do', async () => {
  const git = release('1.0.0')
    .replace('chart: shop', 'chart: ./charts/shop')
    .replace('HelmRepository', 'GitRepository');
  const files = { ...KUSTOMIZATION, [RELEASE]: git, ...chart('a: 1\n') };
  const values = { ...files, [RELEASE]: git.replace('replicas: 2', 'replicas: 3') };
  expect((await rendered(files, values)).groups).toEqual([['production', 'shop', 1]]);
});

test('the values of an environment beside their chart are rendered', async () => {
  const files = {
    'ostack.yaml':
      'environments: { staging: {}, production: {} }\noverlays: ["charts/{app}/values-{environment}.yaml"]\n',
    ...chart('a: 1\n'),
    'charts/shop/values-staging.yaml': 'image: { repository: ghcr.io/acme/shop, tag: 1.0.0 }\n',
    'charts/shop/values-production.yaml': 'image: { repository: ghcr.io/acme/shop, tag: 1.0.0 }\n',
  };
  const after = {
    ...files,
    'charts/shop/values-staging.yaml': 'image: { repository: ghcr.io/acme/shop, tag: 1.1.0 }\n',
  };
  expect(await rendered(files, after)).toEqual({ groups: [['staging', 'shop', 1]], notRendered: [] });
});

test.each<[string, Files, Helm | undefined, RegExp]>([
  [
    'is not in helm’s cache',
    { [RELEASE]: release('1.1.0') },
    helm,
    /chart shop 1\.1\.0 of shop is not rendered: it is neither in this repository nor in helm's cache, and nothing is fetched/,
  ],
  [
    'has values from elsewhere',
    { [RELEASE]: release('1.1.0', 'valuesFrom: [{ kind: ConfigMap, name: x }]') },
    helm,
    /values from other places/,
  ],
  ['follows a range', { [RELEASE]: release('1.x') }, helm, /"1\.x" is not one version/],
  ['is a path out of the cache', { [RELEASE]: release('../../1') }, helm, /is not one version/],
])('a chart that %s is not rendered, and nothing is fetched', async (_, changed, found, message) => {
  const before = { ...KUSTOMIZATION, [RELEASE]: release('1.0.0') };
  const { groups, notRendered } = await rendered(before, { ...before, ...changed }, found);
  expect(groups).toEqual([]);
  expect(notRendered).toEqual([expect.stringMatching(message)]);
  expect(asked.filter(([what]) => what !== 'env')).toEqual([]);
});

test('without helm, it says so', async () => {
  const before = { ...KUSTOMIZATION, [RELEASE]: release('1.0.0') };
  const comparison = comparisonOf(before, { ...before, [RELEASE]: release('1.1.0') });
  const layout = await locateOverlays(objectTree(before), readPolicy(undefined));
  const { notRendered } = await renderCharts(async () => undefined, comparison, layout, [
    { environment: 'production', app: 'shop' },
  ]);
  expect(notRendered).toEqual(['production: chart shop 1.1.0 of shop is not rendered: there is no helm on the PATH.']);
});

test('a chart with a symbolic link in it is not read', async () => {
  const git = release('1.0.0')
    .replace('chart: shop', 'chart: ./charts/shop')
    .replace('HelmRepository', 'GitRepository');
  const files = { ...KUSTOMIZATION, [RELEASE]: git, ...chart('a: 1\n') };
  await write(join(scratch, 'head'), files);
  await symlink('/etc/passwd', join(scratch, 'head/charts/shop/secret.txt'));
  const { notRendered } = await rendered(files, { ...files, [RELEASE]: git.replace('replicas: 2', 'replicas: 3') });
  expect(notRendered).toEqual([expect.stringContaining('there is a symbolic link in charts/shop.')]);
});

test('a patch of a chart that a base installs says that it is not rendered', async () => {
  const patch = (version: string) =>
    `kind: HelmRelease\nmetadata: { name: shop }\nspec: { chart: { spec: { version: ${version} } } }\n`;
  const before = { ...KUSTOMIZATION, [RELEASE]: patch('1.0.0') };
  expect((await rendered(before, { ...before, [RELEASE]: patch('1.1.0') })).notRendered).toEqual([
    'production: chart shop 1.0.0 -> 1.1.0 of shop is not rendered: the files of production do not say all of the chart, so what it comes to is not shown.',
  ]);
});
