import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newestCommit, parseGitUrl } from '../../src/materialize/lock/fetch-git.js';

const asked: string[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.url?.split('/').slice(1, 3).join('/')} ${request.headers.authorization ?? 'nobody'}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const TOKEN = `basic ${Buffer.from('x-access-token:t0ken').toString('base64')}`;

test.each([
  ['its own owner', 'acme/cat', '', `acme/cat ${TOKEN}`],
  ['its own owner in capitals, which are one to GitHub', 'Acme/cat', '', `Acme/cat ${TOKEN}`],
  ['its own owner as a part of another path', 'x%2F..%2Facme/cat', '', 'x%2F..%2Facme/cat nobody'],
  ['another owner', 'other/dog', '', 'other/dog nobody'],
  ['an owner whose name begins alike', 'acme-labs/cat', '', 'acme-labs/cat nobody'],
  ['its own owner on another host', 'acme/cat', 'https://github.com', 'acme/cat nobody'],
])('the token of a run, asked of %s, is sent as is right', async (_whose, path, serverUrl, expected) => {
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const credentials = { serverUrl: serverUrl || origin, owner: 'acme', token: 't0ken' };
  asked.length = 0;
  await expect(newestCommit(tmpdir(), { origin, path }, 'main', credentials)).rejects.toThrow('does not answer');
  expect(asked).toEqual([expected]);
});

test.each([
  ['https://github.com/acme/cat', 'https://github.com acme/cat'],
  ['https://github.com/acme/cat.git', 'https://github.com acme/cat'],
  ['https://git.test/group/sub/cat/', 'https://git.test group/sub/cat'],
  ['http://127.0.0.1:8080/acme/cat', 'http://127.0.0.1:8080 acme/cat'],
  ['https://GitHub.com:443/acme/cat', 'https://github.com acme/cat'],
  ['https://github.com/acme/../other/cat', 'https://github.com other/cat'],
  ['https://github.com/acme/%2e%2e/other/cat', 'https://github.com other/cat'],
  ['https://github.com\\@git.test/acme/cat', 'https://github.com @git.test/acme/cat'],
  ['https://github.com.git.test/acme/cat', 'https://github.com.git.test acme/cat'],
  ['https://github.com:8443/acme/cat', 'https://github.com:8443 acme/cat'],
  ['https://github.com@git.test/acme/cat', undefined],
  ['http://git.test/acme/cat', undefined],
  ['git@github.com:acme/cat.git', undefined],
  ['ssh://git@github.com/acme/cat', undefined],
  ['https://x:y@github.com/acme/cat', undefined],
  ['https://github.com', undefined],
  ['file:///etc', undefined],
  ['ext::sh -c id', undefined],
  ['--upload-pack=id', undefined],
])('the address of a repository: %s', (url, expected) => {
  const address = parseGitUrl(url);
  expect(address && `${address.origin} ${address.path}`).toBe(expected);
});
