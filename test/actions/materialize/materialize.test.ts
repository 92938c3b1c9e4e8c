import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { Folder } from '../../materialize/support.js';
import { runAction } from '../../support/run-action.js';

let stage: Stage;
let cat: LocalRepository;
let files: Server;
let published = '';

const manifest = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const component = 'name: cat\ntype: static\npath: manifests\n';

beforeAll(async () => {
  const hld = { 'hld/component.yaml': component, 'hld/manifests/cat.yaml': manifest('cat') };
  stage = await startStage({ repositories: { 'acme/cluster': { files: { x: '' } }, 'acme/cat': { files: hld } } });
  cat = stage.github.repository('acme/cat');
  await cat.commit('dev', { 'hld/manifests/cat.yaml': manifest('cat-dev') }, 'feat: a dev cat');
  files = createServer((request, response) => {
    response.statusCode = request.url === '/moved.yaml' ? 302 : request.url === '/a.yaml' ? 200 : 404;
    response.setHeader('location', '/a.yaml');
    response.end(published);
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await stage.close();
  await new Promise((resolve) => files.close(resolve));
});

function fileUrl(name: string): string {
  const address = files.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/${name}`;
}

/** A cluster whose parts are in other repositories. */
function cluster(...parts: readonly string[]): Promise<Folder> {
  return Folder.of({
    'component.yaml': `name: my-cluster\nsubcomponents:\n${parts.map((part) => `  - ${part}\n`).join('')}`,
  });
}

const gitPart = (more = '') => `{ name: cat, method: git, source: "${stage.serverUrl}/acme/cat", path: hld${more} }`;

async function run(folder: Folder, inputs: Record<string, string> = {}) {
  return runAction({
    action: 'materialize',
    inputs: { environments: 'prod', output: 'out', token: stage.token, ...inputs },
    cwd: folder.checkout.root,
    env: {
      GITHUB_API_URL: stage.apiUrl,
      GITHUB_GRAPHQL_URL: stage.graphqlUrl,
      GITHUB_SERVER_URL: stage.serverUrl,
      GITHUB_REPOSITORY: 'acme/cluster',
      GITHUB_SHA: '0'.repeat(40),
      GITHUB_WORKSPACE: folder.checkout.root,
    },
  });
}

async function written(folder: Folder): Promise<string[]> {
  return (await readdir(join(folder.checkout.root, 'out'))).filter((name) => name.endsWith('.yaml'));
}

const lockOf = (folder: Folder) => readFile(join(folder.checkout.root, 'component.lock.yaml'), 'utf8');

test('a git branch is resolved once and stays what it was, until it is resolved anew', async () => {
  await using folder = await cluster(gitPart(', branch: dev'));
  const unpinned = await run(folder);
  expect(unpinned.exitCode).toBe(1);
  expect(unpinned.stdout).toContain('(dev) is in no component.lock.yaml');

  const first = await run(folder, { update: 'true' });
  expect(JSON.parse(first.outputs['lock-files'] ?? '')).toEqual(['component.lock.yaml']);
  expect(await written(folder)).toEqual(['configmap-cat-dev.yaml']);
  const lock = await lockOf(folder);
  expect(lock).toMatch(/branch: dev\n {4}commit: [0-9a-f]{40}\n/);

  await cat.commit('dev', { 'hld/manifests/cat.yaml': manifest('cat-new') }, 'feat: a new cat');
  const second = await run(folder);
  expect([second.exitCode, second.outputs.changed]).toEqual([0, 'false']);

  const third = await run(folder, { update: 'true' });
  expect(third.outputs.changed).toBe('true');
  expect(await written(folder)).toEqual(['configmap-cat-new.yaml']);
  expect(await lockOf(folder)).not.toBe(lock);
});

test('a file is what it was, by its digest, wherever its server sends on to', async () => {
  await using folder = await cluster(`{ name: a, type: static, method: http, source: "${fileUrl('a.yaml')}" }`);
  published = manifest('first');
  await run(folder, { update: 'true' });
  published = manifest('second');
  const { exitCode, stdout } = await run(folder);
  expect([exitCode, await written(folder)]).toEqual([1, ['configmap-first.yaml']]);
  expect(stdout).toMatch(/a\.yaml is not what component\.lock\.yaml says: expected sha256:[0-9a-f]{64}, found sha256:/);

  await using moved = await cluster(`{ name: a, type: static, method: http, source: "${fileUrl('moved.yaml')}" }`);
  await run(moved, { update: 'true' });
  expect(await written(moved)).toEqual(['configmap-second.yaml']);
});

test('a dry run writes neither manifests nor the lock', async () => {
  await using folder = await cluster(gitPart());
  const { outputs, summary } = await run(folder, { update: 'true', 'dry-run': 'true' });
  expect(outputs.changed).toBe('true');
  expect(await readdir(folder.checkout.root)).toEqual(['component.yaml']);
  expect(summary).toContain('dry run: nothing is written');
});

describe('where no input names environments, rendered are', () => {
  const hld = (environment: string) => ({
    [`hld/${environment}/component.yaml`]: `name: ${environment}\ntype: static\npath: manifests\n`,
    [`hld/${environment}/manifests/a.yaml`]: manifest('a'),
  });
  test.each<[string, Record<string, string>, string, string[]]>([
    [
      'those of the policy, each from its folder of the source',
      { 'ostack.yaml': 'environments: { prod: {}, dev: {} }\n', ...hld('dev'), ...hld('prod'), ...hld('shared') },
      'hld',
      ['prod', 'dev'],
    ],
    [
      'the folders that the source has for them, where no policy names any',
      { ...hld('dev'), ...hld('prod') },
      'hld/{environment}',
      ['dev', 'prod'],
    ],
  ])('%s', async (_, all, source, environments) => {
    await using folder = await Folder.of(all);
    const { outputs, stdout } = await run(folder, { environments: '', source, output: 'out/{environment}' });
    expect(stdout).not.toContain('::error');
    expect(JSON.parse(outputs.environments ?? '')).toEqual(
      environments.map((environment) => expect.objectContaining({ environment, objects: 1 })),
    );
  });

  test('none where nothing names any, which is said with what to do', async () => {
    await using folder = await Folder.of(hld('dev'));
    const { exitCode, stdout } = await run(folder, { environments: '', source: 'hld' });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('Name at least one, for example staging, or say')]);
  });
});

test.each([
  [
    'a folder of the machine',
    'method: git, source: "/etc"',
    'expected the URL of a git repository that begins with https://',
  ],
  [
    'a program of git',
    'method: git, source: "ext::sh -c id"',
    'expected the URL of a git repository that begins with https://',
  ],
  ['a password', 'method: git, source: "https://me:secret@git.test/a"', 'has no password in it'],
  ['http', 'method: git, source: "http://git.test/a"', 'begins with https://'],
  [
    'a short commit',
    'method: git, source: "https://git.test/a", version: abc1234',
    'expected a commit of 40 hex digits',
  ],
  ['a file over ftp', 'type: static, method: http, source: "ftp://files.test/a"', 'begins with https://'],
])('refuses %s as a source', async (_what, source, message) => {
  await using folder = await cluster(`{ name: a, ${source} }`);
  const { exitCode, stdout } = await run(folder, { update: 'true' });
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining(message)]);
});

test.each([
  ['kube-version', 'latest', 'expected for example 1.34.'],
  ['kube-version', '--debug', 'expected for example 1.34.'],
  ['api-versions', 'apps/v1, --post-renderer=/bin/sh', 'expected for example monitoring.coreos.com/v1/ServiceMonitor.'],
])('charts are told of no cluster that nobody could have: %s %s', async (input, value, message) => {
  await using folder = await Folder.of({ 'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n' });
  const { exitCode, stdout } = await run(folder, { [input]: value });
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining(message)]);
});
