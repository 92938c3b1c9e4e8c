import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { renewLockWith } from '../../src/ops/render/renew-lock.js';
import { findHelm, type Helm } from '../../src/ops/render/run-helm.js';
import { templateChart } from '../../src/ops/render/template-chart.js';

/** These ask the real helm, and fail where there is none. */
const found = await findHelm();

test('helm is on the machine', () => {
  // Without it, what helm renders and locks is not tried. Install helm, or put it on the PATH.
  expect(found).toBeDefined();
});
const helm: Helm = found ?? (() => Promise.reject(new Error('there is no helm')));

const TEMPLATE =
  'kind: ConfigMap\napiVersion: v1\nmetadata: { name: {{ .Release.Name }} }\ndata: { replicas: "{{ .Values.replicas }}", version: "{{ .Chart.Version }}" }\n';

let root: string;
let server: Server;
let url: string;

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'real-helm-'));
  process.env.HELM_CACHE_HOME = join(root, 'cache');
  process.env.HELM_CONFIG_HOME = join(root, 'config');
  process.env.HELM_DATA_HOME = join(root, 'data');
  server = createServer((request, response) => {
    readFile(join(root, 'site', request.url?.split('/').at(-1) ?? '')).then(
      (body) => response.end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  await write('charts/shop/values.yaml', 'replicas: 1\n');
  await write('charts/shop/templates/map.yaml', TEMPLATE);
  for (const version of ['1.0.0', '1.1.0']) {
    await write('charts/shop/Chart.yaml', `apiVersion: v2\nname: shop\nversion: ${version}\n`);
    if (found !== undefined) {
      await helm(['package', 'charts/shop', '--destination', 'site'], root);
    }
  }
  if (found !== undefined) {
    await helm(['repo', 'index', 'site', '--url', url], root);
  }
});

afterAll(async () => {
  await new Promise((done) => server.close(done));
  await rm(root, { recursive: true });
});

describe('the real helm', () => {
  const install = { release: 'web', namespace: 'web', values: ['{"replicas": 3}'], parameters: [], hasMore: false };
  const data = (made: Awaited<ReturnType<typeof templateChart>>) =>
    'reason' in made ? made.reason : made.resources.map(({ value }) => value.data);

  test('renders a chart of the repository with its values and parameters', async () => {
    const made = await templateChart(helm, root, { ...install, chart: { folder: 'charts/shop' } });
    expect(data(made)).toEqual([{ replicas: '3', version: '1.1.0' }]);
    const set = await templateChart(helm, root, {
      ...install,
      chart: { folder: 'charts/shop' },
      parameters: ['replicas=5'],
    });
    expect(data(set)).toEqual([{ replicas: '5', version: '1.1.0' }]);
  });

  test('renders a chart of its cache, and fetches none', async () => {
    const chart = { name: 'shop', version: '1.0.0' };
    expect(data(await templateChart(helm, root, { ...install, chart }))).toContain(
      "neither in this repository nor in helm's cache",
    );
    const cache = (await helm(['env', 'HELM_REPOSITORY_CACHE'], root)).trim();
    await mkdir(cache, { recursive: true });
    await copyFile(join(root, 'site/shop-1.0.0.tgz'), join(cache, 'shop-1.0.0.tgz'));
    expect(data(await templateChart(helm, root, { ...install, chart }))).toEqual([{ replicas: '3', version: '1.0.0' }]);
  });

  test('says why a chart does not render', async () => {
    await write('charts/broken/Chart.yaml', 'apiVersion: v2\nname: broken\nversion: 1.0.0\n');
    await write('charts/broken/templates/a.yaml', '{{ fail "no luck" }}\n');
    expect(data(await templateChart(helm, root, { ...install, chart: { folder: 'charts/broken' } }))).toContain(
      'no luck',
    );
  });

  test('renews the lock of a wrapper chart, which it then takes for its own', async () => {
    const chart = (version: string) =>
      `apiVersion: v2\nname: wrapper\nversion: 0.1.0\ndependencies:\n- name: shop\n  version: ${version}\n  repository: ${url}\n`;
    const lock = { path: 'w/Chart.lock', text: '' };
    const renewed = await renewLockWith(async () => helm, { path: 'w/Chart.yaml', text: chart('1.1.0') }, lock);
    const text = 'text' in renewed ? renewed.text : renewed.reason;
    expect(text).toContain(`- name: shop\n  repository: ${url}\n  version: 1.1.0\ndigest: sha256:`);
    // To build by a lock, helm wants to know the repository.
    await helm(['repo', 'add', 'here', url], root);
    await write('w/Chart.yaml', chart('1.1.0'));
    await write('w/Chart.lock', text);
    await expect(helm(['dependency', 'build', 'w'], root)).resolves.toContain('Saving 1 charts');
    // A lock is of the dependencies alone: another chart with the same may have it.
    await write(
      'other/Chart.yaml',
      chart('1.1.0').replace('name: wrapper\nversion: 0.1.0', 'name: other\nversion: 7.0.0'),
    );
    await write('other/Chart.lock', text);
    await expect(helm(['dependency', 'build', 'other'], root)).resolves.toContain('Saving 1 charts');
    const missing = await renewLockWith(async () => helm, { path: 'w/Chart.yaml', text: chart('9.9.9') }, lock);
    expect('reason' in missing ? missing.reason : '').toMatch(/^helm could not: .*9\.9\.9|shop chart not found/);
  });
});
