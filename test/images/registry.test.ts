import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inspectImage } from '../../src/images/inspect.js';
import { RegistryClient } from '../../src/images/registry.js';
import { type LocalRegistry, type RegistryOptions, startRegistry } from '../../src/local/registry/registry.js';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const EMPTY = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [] }));
const LOGIN = { username: 'ada', password: 'right' };

let registry: LocalRegistry | undefined;
afterEach(async () => {
  await registry?.close();
  registry = undefined;
});

async function open(options: RegistryOptions = {}, credentials = LOGIN): Promise<RegistryClient> {
  registry = await startRegistry(options);
  return new RegistryClient({ registry: registry.address, credentials, pausesMs: [0, 0] });
}

function requests(): string[] {
  return registry?.requests.map(({ method, path, status }) => `${method} ${path} ${status}`) ?? [];
}

describe('a registry client', () => {
  test('logs in once for each thing it does, and reads what it wrote', async () => {
    const client = await open({ users: { ada: 'right' } });
    await client.tag('acme/web', { digest: '', mediaType: INDEX, content: EMPTY }, '1.0.0');
    await client.tag('acme/web', { digest: '', mediaType: INDEX, content: EMPTY }, 'latest');
    const manifest = await client.manifest('acme/web', 'latest');
    expect(manifest?.content.toString()).toBe(EMPTY.toString());
    expect(await client.digest('acme/web', '1.0.0')).toBe(manifest?.digest);
    expect(await client.digest('acme/web', 'none')).toBeUndefined();
    expect(await client.manifest('acme/none', 'latest')).toBeUndefined();
    expect(requests().filter((request) => request.startsWith('GET /token'))).toHaveLength(3);
    expect(manifest && (await inspectImage(client, 'acme/web', manifest))).toEqual({ platforms: [], size: 0 });
  });

  test('tries again what passes', async () => {
    const client = await open();
    registry?.faults.push({ path: /manifests/, status: 503, times: 1 }, { path: /manifests/, status: 429, times: 1 });
    expect(await client.manifest('acme/web', 'latest')).toBeUndefined();
    expect(requests()).toEqual([503, 429, 404].map((status) => `GET /v2/acme/web/manifests/latest ${status}`));
  });

  test('gives up on what does not, with the answer', async () => {
    const client = await open();
    registry?.faults.push({ path: /manifests/, status: 503 });
    await expect(client.manifest('acme/web', 'latest')).rejects.toThrow(
      `The registry ${registry?.address} answers 503 for acme/web.`,
    );
    expect(requests()).toHaveLength(3);
  });

  test('says what a refusal to write means', async () => {
    const client = await open();
    registry?.faults.push({ method: 'PUT', path: /manifests/, status: 403 });
    const manifest = { digest: '', mediaType: INDEX, content: EMPTY };
    await expect(client.tag('acme/web', manifest, 'x')).rejects.toThrow(
      /403 .* check what the token is allowed to do in this registry/,
    );
  });

  test.each([400, 403, 405, 409, 412])(
    'takes a tag that cannot be written again (%i) for done where it is this image',
    async (status) => {
      const client = await open();
      const other = Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [], annotations: { a: 'b' } }),
      );
      await client.tag('acme/web', { digest: '', mediaType: INDEX, content: EMPTY }, '1.0.0');
      registry?.faults.push({ method: 'PUT', path: /manifests/, status });
      await client.tag('acme/web', { digest: '', mediaType: INDEX, content: EMPTY }, '1.0.0');
      await expect(client.tag('acme/web', { digest: '', mediaType: INDEX, content: other }, '1.0.0')).rejects.toThrow(
        /acme\/web:1\.0\.0 is there already as sha256:\w+, this image is sha256:\w+, and the tag could not be written again\./,
      );
      await expect(client.tag('acme/web', { digest: '', mediaType: INDEX, content: EMPTY }, '1.0.1')).rejects.toThrow(
        `answers ${status} for acme/web`,
      );
    },
  );

  test('asks nobody else for a token, and sends nobody else the password', async () => {
    const client = await open({ users: { ada: 'right' } }, { username: 'ada', password: 'wrong' });
    await expect(client.checkLogin('acme/web')).rejects.toThrow('It does not take the password of "ada".');
  });
});

describe('a registry that is not what it seems', () => {
  const seen: IncomingMessage['headers'][] = [];
  let answer: { status: number; headers: Record<string, string>; body: string };
  /** Of the token service, where it is not the same. */
  let tokenAnswer: typeof answer | undefined;
  let address = '';
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const { status, headers, body } = request.url?.startsWith('/token') ? (tokenAnswer ?? answer) : answer;
    response.writeHead(status, headers).end(body);
  });
  beforeEach(async () => {
    seen.length = 0;
    tokenAnswer = undefined;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    address = `127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('and whose token service knows the login and denies what it is for, names the likely cause', async () => {
    const challenge = `Bearer realm="http://${address}/token",service="ghcr.io"`;
    answer = { status: 401, headers: { 'WWW-Authenticate': challenge }, body: '' };
    const body = '{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}';
    tokenAnswer = { status: 403, headers: {}, body };
    const client = new RegistryClient({ registry: address, credentials: LOGIN, pausesMs: [] });
    await expect(client.digest('acme/web', '1.0.0')).rejects.toThrow(
      `The registry ${address} answers 403 for acme/web: requested access to the resource is denied. The login works, but may not do this`,
    );
    expect(seen).toHaveLength(2);
  });

  test('and answers without an end is not read to it', async () => {
    answer = { status: 200, headers: {}, body: 'x'.repeat(17 * 1024 * 1024) };
    const client = new RegistryClient({ registry: address, pausesMs: [] });
    await expect(client.manifest('acme/web', 'latest')).rejects.toThrow(
      `The answer of ${address} has more than the 16777216 bytes that are read of it.`,
    );
    const manifests = Array.from({ length: 101 }, () => ({ digest: `sha256:${'0'.repeat(64)}` }));
    const content = Buffer.from(JSON.stringify({ manifests }));
    await expect(inspectImage(client, 'acme/web', { digest: '', mediaType: '', content })).rejects.toThrow(
      `${address}/acme/web has an index of 101 images, at most 100 are looked at.`,
    );
  });

  test('and names another host for tokens never gets the password there', async () => {
    answer = { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="https://evil.test/token"' }, body: '' };
    const client = new RegistryClient({ registry: address, credentials: LOGIN, pausesMs: [] });
    await expect(client.checkLogin('acme/web')).rejects.toThrow(
      `The registry ${address} sends logins to https://evil.test, which is no host of its own. Nothing was sent there. If that is right, write into ostack.yaml of the default branch:\n\ntoken-services: [evil.test]`,
    );
    expect(seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test('and names another host for tokens beside Basic gets the password itself, and the other host nothing', async () => {
    answer = {
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm=https://evil.test/token, Basic realm="x"' },
      body: '',
    };
    const client = new RegistryClient({ registry: address, credentials: LOGIN, pausesMs: [] });
    await expect(client.checkLogin('acme/web')).rejects.toThrow('It does not take the password of "ada".');
    expect(seen.map(({ authorization }) => authorization)).toEqual([undefined, 'Basic YWRhOnJpZ2h0']);
  });

  test('and asks for a login of an unknown kind is named', async () => {
    answer = { status: 401, headers: { 'WWW-Authenticate': 'Negotiate' }, body: '' };
    const client = new RegistryClient({ registry: address, pausesMs: [] });
    await expect(client.checkLogin('acme/web')).rejects.toThrow('asks for a login of an unknown kind: "Negotiate"');
  });

  test('and gives a manifest that is damaged is not believed', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    answer = { status: 200, headers: { 'Docker-Content-Digest': digest }, body: '{}' };
    const client = new RegistryClient({ registry: address, pausesMs: [] });
    await expect(client.manifest('acme/web', 'latest')).rejects.toThrow(
      `is damaged: announced as ${digest}, it is sha256:`,
    );
  });

  test('and gives another manifest than the one that was asked for is not believed', async () => {
    answer = { status: 200, headers: {}, body: '{}' };
    const digest = `sha256:${'0'.repeat(64)}`;
    const client = new RegistryClient({ registry: address, pausesMs: [] });
    await expect(client.manifest('acme/web', digest)).rejects.toThrow(`/acme/web "${digest}" is damaged`);
    expect((await client.manifest('acme/web', 'latest'))?.content.toString()).toBe('{}');
  });
});
