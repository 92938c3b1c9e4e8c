import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Git, openGit } from '../../src/git/git.js';
import { printedBy } from '../support/printed-by.js';

const TOKEN = 'ghs_not_to_be_seen';
const HEADER = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
const PLACE = { cwd: tmpdir(), serverUrl: 'https://github.com', repository: 'acme/apps' };

/** The checkout with the token. */
async function opened(token: string | undefined = TOKEN): Promise<Git> {
  return (await printedBy(() => openGit({ ...PLACE, token }))).value;
}

/** What git adds to each request for an address. */
async function headerFor(address: string): Promise<string> {
  const { stdout } = await (await opened()).run(['config', '--get-urlmatch', 'http.extraheader', address]);
  return stdout.trim();
}

describe('the token', () => {
  test.each<[address: string, expected: string]>([
    ['https://github.com/acme/apps', HEADER],
    ['https://github.com/acme/apps/info/refs', HEADER],
    ['https://github.com/acme/ops', ''],
    ['https://github.com/acme/apps-of-others', ''],
    ['https://github.com', ''],
    ['http://github.com/acme/apps', ''],
    ['https://github.com.evil.test/acme/apps', ''],
    ['https://evil.test/acme/apps', ''],
  ])('for %s', async (address, expected) => {
    expect(await headerFor(address)).toBe(expected);
  });

  test('is not there where none is given', async () => {
    const git = openGit(PLACE);
    expect((await git.run(['config', '--get-urlmatch', 'http.extraheader', git.url])).stdout).toBe('');
  });

  test('is masked as git sends it', async () => {
    const { printed } = await printedBy(() => openGit({ ...PLACE, token: TOKEN }));
    expect(printed).toContain(`::add-mask::${HEADER.split(' ').at(-1)}`);
  });

  test('takes the place of the one that a checkout has kept, for the server refuses two', async () => {
    const key = 'http.https://github.com/acme/apps.extraheader';
    const { stdout } = await (await opened()).run(['config', '--get-all', key]);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['', HEADER]);
  });
});

describe('the configuration of git', () => {
  beforeEach(() => {
    process.env.GIT_CONFIG_COUNT = '1';
    process.env.GIT_CONFIG_KEY_0 = 'http.proxy';
    process.env.GIT_CONFIG_VALUE_0 = 'http://evil.test';
    process.env.GIT_CONFIG_PARAMETERS = "'http.sslverify'='false'";
  });
  afterEach(() => {
    for (const name of ['COUNT', 'KEY_0', 'VALUE_0', 'PARAMETERS']) {
      delete process.env[`GIT_CONFIG_${name}`];
    }
  });

  test.each([
    ['follows no redirect, which could carry the token to another host', 'http.followRedirects', 'false'],
    ['asks no helper for another login', 'credential.helper', ''],
    ['takes no proxy from the environment of the step', 'http.proxy', ''],
    ['checks certificates whatever the environment of the step says', 'http.sslVerify', ''],
  ])('%s', async (_what, key, expected) => {
    const { stdout } = await (await opened()).run(['config', '--get', key]);
    expect(stdout.trim()).toBe(expected);
  });
});
