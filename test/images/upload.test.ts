import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { RegistryClient } from '../../src/images/registry.js';
import { uploadBlob } from '../../src/images/upload.js';
import { startRegistry } from '../../src/local/registry/registry.js';

const content = Buffer.alloc(3_000_000, 'layer');
const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
const blob = { digest, size: content.length, open: () => Readable.from([content]) };

test('a blob is streamed with a login, again after a failure that passes, and not at all when it is there', async () => {
  await using registry = await startRegistry({ users: { ada: 'right' } });
  const credentials = { username: 'ada', password: 'right' };
  const client = new RegistryClient({ registry: registry.address, credentials, pausesMs: [0, 0] });
  registry.faults.push({ method: 'PUT', path: /uploads/, status: 503, times: 1 });
  await uploadBlob(client, 'acme/web', blob);
  await uploadBlob(client, 'acme/web', blob);
  const puts = registry.requests.filter(({ method }) => method === 'PUT');
  expect(puts.map(({ status }) => status)).toEqual([503, 201]);
  const answer = await client.request({ method: 'GET', repository: 'acme/web', path: `blobs/${digest}` });
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
});

test('content that is not what its digest says is refused', async () => {
  await using registry = await startRegistry();
  const client = new RegistryClient({ registry: registry.address });
  const other = { ...blob, digest: `sha256:${'a'.repeat(64)}` };
  await expect(uploadBlob(client, 'acme/web', other)).rejects.toThrow(/answers 400 for acme\/web: expected sha256:aaa/);
});

test('a place that the registry names elsewhere gets the content and not the login', async () => {
  const seen: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(request.headers.authorization);
    request.resume().on('end', () => response.writeHead(seen.length === 1 ? 201 : 401).end());
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const bound = elsewhere.address();
  const place = `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}/upload`;
  const registry = createServer((request, response) => {
    const login = request.headers.authorization;
    const headers = { Location: place, 'WWW-Authenticate': 'Basic realm="x"' };
    response.writeHead(login === undefined ? 401 : request.method === 'HEAD' ? 404 : 202, headers).end();
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  const address = registry.address();
  try {
    const client = new RegistryClient({
      registry: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
      credentials: { username: 'ada', password: 'right' },
      pausesMs: [],
    });
    await uploadBlob(client, 'acme/web', blob);
    // Not even where it asks for one.
    await expect(uploadBlob(client, 'acme/web', blob)).rejects.toThrow('answers 401');
    expect(seen).toEqual([undefined, undefined]);
  } finally {
    for (const server of [elsewhere, registry]) {
      server.closeAllConnections();
      server.close();
    }
  }
});
