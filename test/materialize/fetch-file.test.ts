import { expect, test } from '@jest/globals';
import { fetchFile } from '../../src/materialize/lock/fetch-file.js';

/** A web in which addresses lead to others, and all else says `found`. */
function web(ways: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const ask = async (input: string | URL | Request, init?: RequestInit) => {
    const url = String(input);
    asked.push(url);
    expect(init).toMatchObject({ redirect: 'manual' });
    expect(new Headers(init?.headers).has('authorization')).toBe(false);
    const location = ways[url];
    return location === undefined
      ? new Response('found')
      : new Response('away', { status: 302, headers: { location } });
  };
  return { ask, asked };
}

test.each([
  ['to another host', 'https://github.test/a', { 'https://github.test/a': 'https://files.test/a?key=1' }],
  ['to another path', 'https://github.test/a', { 'https://github.test/a': '/b' }],
  ['twice', 'https://a.test/a', { 'https://a.test/a': 'https://b.test/b', 'https://b.test/b': 'https://c.test/c' }],
  ['on this machine', 'http://127.0.0.1:1/a', { 'http://127.0.0.1:1/a': 'http://127.0.0.1:2/b' }],
])('a file is followed where a server sends on %s', async (_where, url, ways) => {
  expect(await fetchFile(url, web(ways).ask)).toEqual({ text: 'found', digest: expect.stringMatching(/^sha256:/) });
});

test.each([
  ['to http', 'http://files.test/a?key=1', 'leads on to http://files.test, which is not fetched'],
  ['to this machine', 'http://127.0.0.1:1/key', 'leads on to http://127.0.0.1:1, which is not fetched'],
  ['to a password', 'https://me:key@files.test/a', 'leads on to https://files.test, which is not fetched'],
  ['to a file', 'file:///etc/key', 'is not fetched'],
  ['nowhere', 'https://', 'leads on to no URL'],
  ['in a circle', 'https://github.test/a', 'leads on more than 5 times'],
])('a file is not followed where a server sends on %s', async (_where, location, message) => {
  const { ask, asked } = web({ 'https://github.test/a': location });
  const failed = await fetchFile('https://github.test/a', ask).catch((error: unknown) => String(error));
  expect(failed).toContain(message);
  expect(failed).not.toContain('key');
  expect(asked.every((url) => url === 'https://github.test/a')).toBe(true);
});
