import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalRegistry, type RegistryOptions, startRegistry } from '../../../src/local/registry/registry.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

let registry: LocalRegistry | undefined;
afterEach(async () => {
  await registry?.close();
  registry = undefined;
});

async function start(options: RegistryOptions = {}): Promise<LocalRegistry> {
  registry = await startRegistry(options);
  return registry;
}

function digestOf(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://${registry?.address}${path}`, { method, ...init });
}

async function pushBlob(repository: string, content: string): Promise<string> {
  const digest = digestOf(content);
  const pushed = await call('POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, { body: content });
  expect(pushed.status).toBe(201);
  return digest;
}

async function pushManifest(repository: string, reference: string, value: object, type = MANIFEST): Promise<Response> {
  const headers = { 'Content-Type': type };
  return call('PUT', `/v2/${repository}/manifests/${reference}`, { headers, body: JSON.stringify(value) });
}

async function manifestOf(repository: string, extra: object = {}): Promise<object> {
  const config = await pushBlob(repository, '{}');
  return { schemaVersion: 2, mediaType: MANIFEST, config: { digest: config, size: 2 }, layers: [], ...extra };
}

async function code(response: Response): Promise<string> {
  const match = /"code":"([A-Z_]+)"/.exec(await response.text());
  return `${response.status} ${match?.[1] ?? ''}`;
}

describe('blobs', () => {
  test('an upload in chunks gives the whole content, and its ranges', async () => {
    await start();
    const begun = await call('POST', '/v2/acme/web/blobs/uploads/');
    expect(begun.status).toBe(202);
    const location = begun.headers.get('location') ?? '';
    const first = await call('PATCH', location, { body: 'hello ', headers: { 'Content-Range': '0-5' } });
    expect([first.status, first.headers.get('range')]).toEqual([202, '0-5']);
    const late = await call('PATCH', location, { body: 'world', headers: { 'Content-Range': '9-13' } });
    expect(await code(late)).toBe('416 BLOB_UPLOAD_INVALID');
    const digest = digestOf('hello world');
    expect((await call('PUT', `${location}?digest=${digest}`, { body: 'world' })).status).toBe(201);
    const blob = await call('GET', `/v2/acme/web/blobs/${digest}`);
    expect(await blob.text()).toBe('hello world');
    const part = await call('GET', `/v2/acme/web/blobs/${digest}`, { headers: { Range: 'bytes=6-' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 6-10/11',
      'world',
    ]);
    const head = await call('HEAD', `/v2/acme/web/blobs/${digest}`);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '11']);
  });

  test('content that has another digest than promised is refused and forgotten', async () => {
    await start();
    const promised = digestOf('good');
    const pushed = await call('POST', `/v2/acme/web/blobs/uploads/?digest=${promised}`, { body: 'bad' });
    expect(await code(pushed)).toBe('400 DIGEST_INVALID');
    expect((await call('HEAD', `/v2/acme/web/blobs/${promised}`)).status).toBe(404);
  });

  test('a blob belongs to the repository it was pushed to, until another one mounts it', async () => {
    await start();
    const digest = await pushBlob('acme/web', 'layer');
    expect(await code(await call('GET', `/v2/acme/api/blobs/${digest}`))).toBe('404 BLOB_UNKNOWN');
    const mount = `/v2/acme/api/blobs/uploads/?mount=${digest}&from=`;
    expect((await call('POST', `${mount}nobody/else`)).status).toBe(202);
    expect((await call('POST', `${mount}..`)).status).toBe(202);
    expect((await call('POST', `${mount}acme/web`)).status).toBe(201);
    expect(await (await call('GET', `/v2/acme/api/blobs/${digest}`)).text()).toBe('layer');
    expect((await call('DELETE', `/v2/acme/api/blobs/${digest}`)).status).toBe(202);
    expect((await call('GET', `/v2/acme/web/blobs/${digest}`)).status).toBe(200);
  });
});

describe('manifests', () => {
  test('are read by tag and by digest, byte for byte, with the type they were pushed with', async () => {
    await start();
    const manifest = await manifestOf('acme/web');
    const pushed = await pushManifest('acme/web', '1.4.0', manifest);
    const digest = digestOf(JSON.stringify(manifest));
    expect([pushed.status, pushed.headers.get('docker-content-digest')]).toEqual([201, digest]);
    for (const reference of ['1.4.0', digest]) {
      const read = await call('GET', `/v2/acme/web/manifests/${reference}`);
      expect([read.headers.get('content-type'), await read.json()]).toEqual([MANIFEST, manifest]);
    }
    const head = await call('HEAD', '/v2/acme/web/manifests/1.4.0');
    expect([head.status, head.headers.get('docker-content-digest')]).toEqual([200, digest]);
  });

  test.each([
    ['a blob that is not there', { config: { digest: digestOf('missing') } }, '404 MANIFEST_BLOB_UNKNOWN'],
    ['a platform that is not there', { manifests: [{ digest: digestOf('missing') }] }, '404 MANIFEST_BLOB_UNKNOWN'],
    ['another schema', { schemaVersion: 1 }, '400 MANIFEST_INVALID'],
  ])('naming %s are refused', async (_name, extra, expected) => {
    await start();
    const manifest = { ...(await manifestOf('acme/web')), ...extra };
    expect(await code(await pushManifest('acme/web', 'latest', manifest))).toBe(expected);
  });

  test('an index lists manifests; deleting by digest takes the tags along', async () => {
    await start();
    const manifest = await manifestOf('acme/web');
    const digest = digestOf(JSON.stringify(manifest));
    await pushManifest('acme/web', digest, manifest);
    const index = { schemaVersion: 2, mediaType: INDEX, manifests: [{ digest, mediaType: MANIFEST, size: 1 }] };
    expect((await pushManifest('acme/web', '1.4.0', index, INDEX)).status).toBe(201);
    expect((await call('DELETE', `/v2/acme/web/manifests/${digestOf(JSON.stringify(index))}`)).status).toBe(202);
    expect(await code(await call('GET', '/v2/acme/web/manifests/1.4.0'))).toBe('404 MANIFEST_UNKNOWN');
  });

  test('tags come in pages that link to the next', async () => {
    await start();
    const manifest = await manifestOf('acme/web');
    for (const tag of ['1.0.0', '1.1.0', '1.2.0']) {
      await pushManifest('acme/web', tag, manifest);
    }
    const first = await call('GET', '/v2/acme/web/tags/list?n=2');
    expect(await first.json()).toEqual({ name: 'acme/web', tags: ['1.0.0', '1.1.0'] });
    const next = /<(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await call('GET', next);
    expect([await second.json(), second.headers.get('link')]).toEqual([{ name: 'acme/web', tags: ['1.2.0'] }, null]);
    expect(await code(await call('GET', '/v2/acme/none/tags/list'))).toBe('404 NAME_UNKNOWN');
  });

  test('referrers are found by their subject and filtered by their type', async () => {
    await start();
    const manifest = await manifestOf('acme/web');
    await pushManifest('acme/web', '1.4.0', manifest);
    const subject = { digest: digestOf(JSON.stringify(manifest)), mediaType: MANIFEST, size: 1 };
    const referrer = await manifestOf('acme/web', { subject, artifactType: 'application/sbom' });
    const pushed = await pushManifest('acme/web', digestOf(JSON.stringify(referrer)), referrer);
    expect(pushed.headers.get('oci-subject')).toBe(subject.digest);
    const list = (query: string) => call('GET', `/v2/acme/web/referrers/${subject.digest}${query}`);
    const found: unknown = await (await list('?artifactType=application/sbom')).json();
    expect(found).toMatchObject({ manifests: [{ artifactType: 'application/sbom' }] });
    expect(await (await list('?artifactType=other')).json()).toMatchObject({ manifests: [] });
  });
});

describe('logins', () => {
  const users = { ada: 'se:cret' };
  const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

  test('with the basic flow every request carries the password', async () => {
    await start({ users, flow: 'basic' });
    const refused = await call('GET', '/v2/');
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="local registry"']);
    expect((await call('GET', '/v2/', { headers: { Authorization: basic('ada', 'wrong') } })).status).toBe(401);
    expect((await call('GET', '/v2/', { headers: { Authorization: basic('ada', 'se:cret') } })).status).toBe(200);
  });

  test('with the token flow a token is good for the scopes it was asked for', async () => {
    const { address } = await start({ users });
    const refused = await call('POST', '/v2/acme/web/blobs/uploads/');
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer realm="http://${address}/token",service="local registry",scope="repository:acme/web:pull,push"`,
    );
    const ask = (password: string) =>
      call('GET', '/token?scope=repository:acme/web:pull,push', { headers: { Authorization: basic('ada', password) } });
    expect(await code(await ask('wrong'))).toBe('401 UNAUTHORIZED');
    const token = /"token":"([^"]+)"/.exec(await (await ask('se:cret')).text())?.[1];
    const headers = { Authorization: `Bearer ${token}` };
    expect((await call('POST', '/v2/acme/web/blobs/uploads/', { headers })).status).toBe(202);
    expect((await call('POST', '/v2/acme/api/blobs/uploads/', { headers })).status).toBe(401);
  });
});

test('faults answer instead of the registry as often as they say, and every request is recorded', async () => {
  const { faults, requests } = await start();
  faults.push({ method: 'GET', path: /manifests/, status: 503, times: 1 });
  expect((await call('GET', '/v2/acme/web/manifests/latest')).status).toBe(503);
  expect((await call('GET', '/v2/acme/web/manifests/latest')).status).toBe(404);
  expect(requests.map(({ method, status }) => `${method} ${status}`)).toEqual(['GET 503', 'GET 404']);
});

test('a path outside the specification is refused', async () => {
  await start();
  expect(await code(await call('GET', '/v2/UPPER/manifests/latest'))).toBe('400 NAME_INVALID');
});
