import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalRegistry, startRegistry } from '../../src/local/registry/registry.js';
import { readLock } from '../../src/materialize/lock/lock-file.js';
import { Locks } from '../../src/materialize/lock/locks.js';
import { type RenderRequest, renderEnvironments, writeToFolders } from '../../src/materialize/materialize.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { Folder, REQUEST } from '../materialize/support.js';

const run = promisify(execFile);

let server: Server;
let repository: string;
let registry: LocalRegistry;
let packages: Folder;

/** Publishes a version of the chart `redis`, as one that says `text`, to the server and to the registry. */
async function publish(version: string, text: string): Promise<void> {
  const { root } = packages.checkout;
  await packages.write({
    'redis/Chart.yaml': `apiVersion: v2\nname: redis\nversion: ${version}\n`,
    'redis/templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${text} }\ndata: { size: "{{ .Values.size }}" }\n`,
  });
  await run('helm', ['package', join(root, 'redis'), '--destination', root]);
  await run('helm', ['repo', 'index', root]);
  await run('helm', ['push', '--plain-http', join(root, `redis-${version}.tgz`), `oci://${registry.address}/charts`]);
}

beforeAll(async () => {
  packages = await Folder.of({});
  registry = await startRegistry();
  server = createServer((request, response) => {
    readFile(join(packages.checkout.root, request.url ?? '')).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  repository = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  await publish('1.0.0', 'one');
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await registry.close();
  await packages[Symbol.asyncDispose]();
});

async function materialized(folder: Folder, update: boolean, request: Partial<RenderRequest> = {}) {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-charts-'));
  try {
    const tools = new Tools();
    const credentials = { serverUrl: 'https://github.com', owner: 'acme', token: undefined };
    const locks = new Locks(folder.checkout, {
      ...{ update, isFollowed: () => false, followedOnly: false },
      scratch,
      credentials,
      tools,
    });
    const asked = { ...REQUEST, ...request };
    const rendered = await renderEnvironments(folder.checkout, asked, locks.sourcesOf, tools);
    const places = new Map(asked.environments.map((name) => [name, name === 'prod' ? 'out' : name]));
    const environments = await writeToFolders(folder.checkout, rendered, places, false);
    await locks.save(false);
    return { ...environments[0]?.change, parts: rendered[0]?.parts };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function cluster(version: string): Promise<Folder> {
  const part = `{ name: redis, type: helm, method: helm, source: "${repository}", path: redis, version: "${version}" }`;
  return Folder.of({
    'component.yaml': `name: cluster\nsubcomponents:\n  - ${part}\n`,
    'config/prod.yaml': 'subcomponents: { redis: { config: { size: 3 } } }\n',
  });
}

async function lockOf(folder: Folder, inside = '.') {
  const text = await readFile(join(folder.checkout.root, inside, 'component.lock.yaml'), 'utf8');
  return readLock(text, 'component.lock.yaml').charts;
}

test('a range of versions is resolved once, and followed when it is resolved anew', async () => {
  await using folder = await cluster('^1');
  await expect(materialized(folder, false)).rejects.toThrow(
    /the chart redis \^\d of .* is in no component\.lock\.yaml/,
  );
  expect(await materialized(folder, true)).toMatchObject({ added: ['configmap-one.yaml'] });
  await publish('1.1.0', 'newer');
  expect(await materialized(folder, false)).toMatchObject({ added: [], changed: [], removed: [] });
  expect(await materialized(folder, true)).toMatchObject({
    added: ['configmap-newer.yaml'],
    removed: ['configmap-one.yaml'],
  });
  expect(await lockOf(folder)).toEqual([
    { repository, chart: 'redis', asked: '^1', version: '1.1.0', digest: expect.stringMatching(/^sha256:/) },
  ]);
});

test('a version that is published again with other content is refused', async () => {
  await publish('2.0.0', 'honest');
  await using folder = await cluster('2.0.0');
  await materialized(folder, true);
  await publish('2.0.0', 'replaced');
  await expect(materialized(folder, false)).rejects.toThrow(
    /^The chart redis 2\.0\.0 of .* is not what component\.lock\.yaml says: expected sha256:/,
  );
});

test.each([
  [
    'an option for a name',
    '{ name: a, type: helm, method: helm, source: "https://charts.test", path: "--post-renderer=/bin/sh" }',
  ],
  [
    'an option for a version',
    '{ name: a, type: helm, method: helm, source: "https://charts.test", path: redis, version: "--debug" }',
  ],
  ['a folder for a repository', '{ name: a, type: helm, method: helm, source: "/etc", path: redis }'],
])('refuses %s', async (_what, part) => {
  await using folder = await Folder.of({ 'component.yaml': `name: cluster\nsubcomponents:\n  - ${part}\n` });
  await expect(materialized(folder, true)).rejects.toThrow('cannot be fetched: expected a name, a version');
});

const INFLATED = (version: string, more = '') =>
  `namePrefix: my-\nhelmCharts:\n  - { name: redis, repo: "${repository}", version: "${version}", releaseName: cache, valuesFile: v.yaml${more} }\n`;

describe('a kustomization that inflates a chart', () => {
  test('has it at the version and digest that the lock file says, with its values, and kustomize changes it', async () => {
    await publish('3.0.0', 'three');
    await using folder = await Folder.of({
      'kustomization.yaml': INFLATED('^3', ', valuesInline: { size: "0644" }'),
      'v.yaml': 'size: 1\nmore: 2\n',
    });
    await expect(materialized(folder, false)).rejects.toThrow(
      /the chart redis \^\d of .* is in no component\.lock\.yaml/,
    );
    expect(await materialized(folder, true)).toMatchObject({ added: ['configmap-my-three.yaml'] });
    const written = await readFile(join(folder.checkout.root, 'out/configmap-my-three.yaml'), 'utf8');
    expect(written).toContain('size: "0644"');
    await publish('3.1.0', 'newer');
    expect(await materialized(folder, false)).toMatchObject({ added: [], changed: [], removed: [] });
    expect(await materialized(folder, true)).toMatchObject({ added: ['configmap-my-newer.yaml'] });
    expect(await lockOf(folder)).toMatchObject([{ chart: 'redis', asked: '^3', version: '3.1.0' }]);
    await publish('3.1.0', 'replaced');
    await expect(materialized(folder, false)).rejects.toThrow(/is not what component\.lock\.yaml says/);
  });

  test('has charts of the repository, those of a base too, without hooks, which is said', async () => {
    const map = (name: string, more = '') =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}${more} }\ndata: { by: "{{ .Values.by }} {{ .Capabilities.KubeVersion }}" }\n`;
    await using folder = await Folder.of({
      'kustomization.yaml': "resources: [base]\nnameSuffix: '-1'\n",
      'base/kustomization.yaml':
        'helmGlobals: { chartHome: ../charts }\nhelmCharts: [{ name: web, releaseName: web, kubeVersion: 1.29.3, additionalValuesFiles: [last.yaml] }]\n',
      'base/last.yaml': 'by: last\n',
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
      'charts/web/values.yaml': 'by: default\n',
      'charts/web/templates/a.yaml': map('web'),
      'charts/web/templates/b.yaml': map('hook', ', annotations: { helm.sh/hook: pre-install }'),
    });
    expect(await materialized(folder, false)).toMatchObject({ added: ['configmap-web-1.yaml'] });
    expect(await readFile(join(folder.checkout.root, 'out/configmap-web-1.yaml'), 'utf8')).toContain(
      'by: last v1.29.3',
    );
  });

  test.each([
    [
      'a chart without a name of the release',
      '{ name: web }',
      'expected `releaseName`: without it helm makes up another one each time',
    ],
    ['a chart that is nowhere', '{ name: web, releaseName: a }', 'there is no charts/web beside it'],
    ['a way out', '{ name: ../../etc, releaseName: a }', 'there is no ../etc beside it'],
    ['a key that nobody knows', '{ name: web, releaseName: a, postRenderer: x }', 'postRenderer'],
    [
      'an option for a version of Kubernetes',
      '{ name: web, releaseName: a, kubeVersion: "--debug" }',
      'is no version of',
    ],
    ['values that are nowhere', '{ name: web, releaseName: a, valuesFile: v.yaml }', 'there is no v.yaml'],
  ])('is refused with %s', async (_what, chart, message) => {
    const files = message.includes('beside')
      ? {}
      : { 'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n' };
    await using folder = await Folder.of({ 'kustomization.yaml': `helmCharts: [${chart}]\n`, ...files });
    await expect(materialized(folder, true)).rejects.toThrow(message);
  });

  test('is refused in the older spelling, and what the refusal says works', async () => {
    const files = {
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
      'charts/web/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n',
    };
    const chart = (kind: string) =>
      `apiVersion: builtin\nkind: ${kind}\nmetadata: { name: a }\nname: web\nreleaseName: a\n`;
    await using old = await Folder.of({
      ...{ ...files, 'kustomization.yaml': 'generators: [g.yaml]\n', 'g.yaml': chart('HelmChartInflationGenerator') },
    });
    await expect(materialized(old, true)).rejects.toThrow(
      'g.yaml has a chart in a generator, which kustomize would fetch unpinned. Expected an entry of `helmCharts`',
    );
    await using fixed = await Folder.of({
      ...files,
      'kustomization.yaml': 'helmCharts: [{ name: web, releaseName: a }]\n',
    });
    expect(await materialized(fixed, true)).toMatchObject({ added: ['configmap-web.yaml'] });
  });
});

describe('a chart that asks which cluster it is for', () => {
  const TEMPLATE =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}" }\n' +
    'data: { version: "{{ .Capabilities.KubeVersion.Version }}", has: "{{ .Capabilities.APIVersions.Has "acme.test/v1/Realm" }}" }\n';
  const chart = {
    'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'charts/web/templates/a.yaml': TEMPLATE,
  };
  const capabilities = { kubeVersion: 'v1.27.4', apiVersions: ['acme.test/v1/Realm'] };

  test.each<[string, Record<string, string>, string]>([
    ['as the source itself', {}, 'charts/web'],
    [
      'in a definition',
      { 'hld/component.yaml': 'name: a\nsubcomponents: [{ name: web, type: helm, path: ../charts/web }]\n' },
      'hld',
    ],
    ['in a kustomization', { 'kustomization.yaml': 'helmCharts: [{ name: web, releaseName: web }]\n' }, '.'],
  ])('is told so %s', async (_where, files, source) => {
    await using folder = await Folder.of({ ...chart, ...files });
    await materialized(folder, false, { source, capabilities });
    const text = await readFile(join(folder.checkout.root, 'out/configmap-web.yaml'), 'utf8');
    expect(text).toMatch(/version: "?v1\.27\.4"?/);
    expect(text).toContain('has: "true"');
  });

  test('is told what its own entry in a kustomization says before that', async () => {
    const entry = '{ name: web, releaseName: web, kubeVersion: "1.26.1", apiVersions: [acme.test/v1/Other] }';
    await using folder = await Folder.of({ ...chart, 'kustomization.yaml': `helmCharts: [${entry}]\n` });
    await materialized(folder, false, { capabilities });
    const text = await readFile(join(folder.checkout.root, 'out/configmap-web.yaml'), 'utf8');
    expect(text).toMatch(/version: "?v1\.26\.1"?/);
    expect(text).toContain('has: "true"');
  });
});

test('a chart that another one has twice has both versions that its own lock says', async () => {
  await publish('6.0.0', 'six');
  await publish('6.1.0', 'more');
  const dependency = (alias: string, version: string) =>
    `- { name: redis, alias: ${alias}, version: "${version}", repository: "${repository}" }\n`;
  await using folder = await Folder.of({
    'web/Chart.yaml': `apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies:\n${dependency('a', '~6.0')}${dependency('b', '~6.1')}`,
    'web/Chart.lock': `dependencies:\n- { name: redis, version: 6.0.0, repository: "${repository}" }\n- { name: redis, version: 6.1.0, repository: "${repository}" }\n`,
  });
  expect(await materialized(folder, true, { source: 'web' })).toMatchObject({
    added: ['configmap-more.yaml', 'configmap-six.yaml'],
  });
});

describe('charts of a server that manifests do not name are told with their versions', () => {
  beforeAll(() => publish('7.0.0', 'seven'));

  const web = () => ({
    'web/Chart.yaml': `apiVersion: v2\nname: web\nversion: 0.1.0\ndependencies:\n- { name: redis, version: 7.0.0, repository: "${repository}" }\n`,
  });

  test.each([
    [
      'of a kustomization',
      () => ({ 'kustomization.yaml': INFLATED('7.0.0'), 'v.yaml': 'size: 1\n' }),
      '.',
      () => `kustomization.yaml: redis 7.0.0 of ${repository} as cache`,
    ],
    ['of a chart', web, 'web', () => `web/Chart.yaml: redis 7.0.0 of ${repository}`],
    [
      'of a chart that a kustomization has',
      () => ({
        ...web(),
        'kustomization.yaml': 'helmGlobals: { chartHome: . }\nhelmCharts: [{ name: web, releaseName: web }]\n',
      }),
      '.',
      () => `web/Chart.yaml: redis 7.0.0 of ${repository}`,
    ],
  ])('%s', async (_what, files, source, expected) => {
    await using folder = await Folder.of(files());
    const { parts } = await materialized(folder, true, { source });
    expect(parts).toContain(expected());
    expect((await materialized(folder, false, { source })).parts).toEqual(parts);
  });
});

describe('hooks of a chart that a kustomization inflates', () => {
  const hook = (name: string, kind: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, annotations: { helm.sh/hook: "${kind}" } }\n`;

  test.each([
    ['none', 'skipHooks: true', []],
    ['those that are no tests', 'skipTests: true', ['pod-first.yaml']],
    ['all', 'skipTests: false', ['pod-check.yaml', 'pod-first.yaml', 'pod-old.yaml']],
  ])('are %s where the entry says %s', async (_which, key, expected) => {
    await using folder = await Folder.of({
      'kustomization.yaml': `helmCharts: [{ name: web, releaseName: web, ${key} }]\n`,
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
      'charts/web/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n',
      'charts/web/templates/b.yaml': [
        hook('first', 'pre-install'),
        hook('check', 'test'),
        hook('old', 'test-success'),
      ].join('---\n'),
    });
    expect(await materialized(folder, false, { withChartHooks: true })).toMatchObject({
      added: ['configmap-web.yaml', ...expected],
    });
  });
});

describe.each([
  ['of a repository', 4, () => `${repository}/redis`],
  ['of an OCI registry', 5, () => `oci://${registry.address}/charts/redis/`],
])('a chart %s that is the source itself', (_what, major, address) => {
  test('has the values of the workspace, and is what the lock file beside them says until it is resolved anew', async () => {
    await publish(`${major}.0.0`, 'first');
    await using folder = await Folder.of({ 'values/all.yaml': 'size: 1\n', 'values/prod.yaml': 'size: "0644"\n' });
    const values = ['values/all.yaml', 'values/{environment}.yaml'];
    const request = { source: address(), version: `^${major}`, values };
    await expect(materialized(folder, false, request)).rejects.toThrow(
      /^the chart redis \^\d of .* for prod\/default\/redis is in no values\/component\.lock\.yaml/,
    );
    expect(await materialized(folder, true, request)).toMatchObject({ added: ['configmap-first.yaml'] });
    const written = await readFile(join(folder.checkout.root, 'out/configmap-first.yaml'), 'utf8');
    expect(written).toContain('size: "0644"');
    await publish(`${major}.1.0`, 'newer');
    expect(await materialized(folder, false, request)).toMatchObject({ added: [], changed: [], removed: [] });
    expect(await materialized(folder, true, request)).toMatchObject({ added: ['configmap-newer.yaml'] });
    expect(await lockOf(folder, 'values')).toMatchObject([
      { asked: `^${major}`, for: 'prod/default/redis', version: `${major}.1.0` },
    ]);
    await publish(`${major}.1.0`, 'replaced');
    await expect(materialized(folder, false, request)).rejects.toThrow(
      /is not what values\/component\.lock\.yaml says/,
    );
  });

  test('is pinned for each environment, and one moves without the other', async () => {
    await publish(`${major}.5.0`, 'five');
    await using folder = await Folder.of({ 'v.yaml': 'size: 1\n' });
    const of = (environment: string, version: string) => ({
      ...{ source: address(), version, values: ['v.yaml'], environments: [environment], release: 'cache' },
    });
    await materialized(folder, true, of('stage', `${major}.5.0`));
    await publish(`${major}.6.0`, 'later');
    expect(await materialized(folder, true, of('prod', `~${major}.5`))).toMatchObject({
      added: ['configmap-five.yaml'],
    });
    expect(await materialized(folder, true, of('stage', `${major}.6.0`))).toMatchObject({
      added: ['configmap-later.yaml'],
    });
    expect(await materialized(folder, false, of('prod', `~${major}.5`))).toMatchObject({ added: [], removed: [] });
    expect(await lockOf(folder)).toMatchObject([
      { asked: `${major}.6.0`, for: 'stage/default/cache', version: `${major}.6.0` },
      { asked: `~${major}.5`, for: 'prod/default/cache', version: `${major}.5.0` },
    ]);
  });

  test('that is not there is told with what to look at', async () => {
    await using folder = await Folder.of({ x: '' });
    const request = { source: `${address().replace(/\/+$/, '')}-2`, version: '1.0.0' };
    await expect(materialized(folder, true, request)).rejects.toThrow(
      /^The chart redis-2 1\.0\.0 of .* cannot be fetched: .* Look at /,
    );
  });
});
