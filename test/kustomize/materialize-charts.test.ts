import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readLock } from '../../src/materialize/lock/lock-file.js';
import { Locks } from '../../src/materialize/lock/locks.js';
import { renderEnvironments, writeToFolders } from '../../src/materialize/materialize.js';
import { Tools } from '../../src/materialize/sources/tools.js';
import { Folder } from '../materialize/support.js';

const run = promisify(execFile);

let server: Server;
let repository: string;
let packages: Folder;

/** Publishes a version of the chart `redis`, as one that says `text`. */
async function publish(version: string, text: string): Promise<void> {
  const { root } = packages.checkout;
  await packages.write({
    'redis/Chart.yaml': `apiVersion: v2\nname: redis\nversion: ${version}\n`,
    'redis/templates/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${text} }\ndata: { size: "{{ .Values.size }}" }\n`,
  });
  await run('helm', ['package', join(root, 'redis'), '--destination', root]);
  await run('helm', ['repo', 'index', root]);
}

beforeAll(async () => {
  packages = await Folder.of({});
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
  await packages[Symbol.asyncDispose]();
});

async function materialized(folder: Folder, update: boolean) {
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
    const plain = { source: '.', environments: ['prod'], configurations: undefined, values: [], release: undefined };
    const more = { namespace: undefined, withDefinitions: false, withChartHooks: false, ignoresHooks: false };
    const rendered = await renderEnvironments(folder.checkout, { ...plain, ...more }, locks.sourcesOf, tools);
    const environments = await writeToFolders(folder.checkout, rendered, new Map([['prod', 'out']]), false);
    await locks.save(false);
    return environments[0]?.change;
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

async function lockOf(folder: Folder) {
  const text = await readFile(join(folder.checkout.root, 'component.lock.yaml'), 'utf8');
  return readLock(text, 'component.lock.yaml').charts;
}

test('a range of versions is resolved once, and followed when it is resolved anew', async () => {
  await using folder = await cluster('^1');
  await expect(materialized(folder, false)).rejects.toThrow(/the chart redis of .* is in no component\.lock\.yaml/);
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
