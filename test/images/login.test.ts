import { mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mayReceivePassword, parseChallenges } from '../../src/images/challenge.js';
import { findCredentials, withCredentials } from '../../src/images/credentials.js';
import { defaultPassword, loginFor, makeLoginFolder } from '../../src/images/login.js';

describe('the login of a registry', () => {
  const actor = 'ada';
  test.each([
    ["GitHub's takes the actor", 'ghcr.io', undefined, 'pw', { username: 'ada', password: 'pw' }],
    ["GitHub's takes another user", 'ghcr.io', 'bot', 'pw', { username: 'bot', password: 'pw' }],
    ['Docker Hub', 'docker.io', 'acme', 'pw', { username: 'acme', password: 'pw' }],
    [
      'DigitalOcean takes the token twice',
      'registry.digitalocean.com',
      'ada',
      'tok',
      { username: 'tok', password: 'tok' },
    ],
    ['ECR has one user', '1.dkr.ecr.eu-west-1.amazonaws.com', 'ada', 'pw', { username: 'AWS', password: 'pw' }],
    ['ECR in China too', '1.dkr.ecr.cn-north-1.amazonaws.com.cn', undefined, 'pw', { username: 'AWS', password: 'pw' }],
    ["ECR's gallery too", 'public.ecr.aws', undefined, 'pw', { username: 'AWS', password: 'pw' }],
    [
      'one that only looks like ECR does not',
      '1.dkr.ecr.x.amazonaws.com.evil.test',
      'ada',
      'pw',
      { username: 'ada', password: 'pw' },
    ],
    ['none without a password', 'ghcr.io', 'ada', undefined, undefined],
  ])('%s', (_name, registry, username, password, expected) => {
    expect(loginFor(registry, { username, password, actor })).toEqual(expected);
  });

  test('needs a user where none is known', () => {
    expect(() => loginFor('docker.io', { username: undefined, password: 'x', actor })).toThrow(
      'Input "username" is missing: docker.io needs it with "password".',
    );
    expect(() => loginFor('docker.io', { username: 'acme', password: undefined, actor })).toThrow(
      'Input "username" is given and "password" is not. docker.io needs both, or neither.',
    );
  });
});

describe('where no password is given', () => {
  test.each<[registry: string, token: string, password: string | undefined]>([
    ['ghcr.io', 'ghs_token', 'ghs_token'],
    ['ghcr.io', '', undefined],
    ['ghcr.io.evil.test', 'ghs_token', undefined],
    ['docker.io', 'ghs_token', undefined],
    ['127.0.0.1:5000', 'ghs_token', undefined],
  ])("%s with GitHub's token %j gets %j", (registry, token, password) => {
    expect(defaultPassword(registry, token)).toBe(password);
  });
});

describe('logins in docker’s configuration', () => {
  test.each(['docker.io', 'ghcr.io', '127.0.0.1:5000'])('what is written for %s is found again', (registry) => {
    const login = { username: 'ada', password: 'a:b' };
    expect(findCredentials(withCredentials({}, registry, login), registry)).toEqual(login);
    expect(findCredentials(withCredentials({}, registry, login), 'quay.io')).toBeUndefined();
  });

  test('a credential helper is switched off for this registry only', () => {
    const config = withCredentials({ credsStore: 'desktop' }, 'ghcr.io', { username: 'a', password: 'b' });
    expect(config).toEqual({
      credsStore: 'desktop',
      credHelpers: { 'ghcr.io': '' },
      auths: { 'ghcr.io': { auth: Buffer.from('a:b').toString('base64') } },
    });
  });
});

describe('the folder of a login', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ostack-login-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('keeps what the machine has, is private, and goes', async () => {
    const own = join(folder, 'own');
    await mkdir(join(own, 'cli-plugins'), { recursive: true });
    await writeFile(join(own, 'config.json'), '{"auths":{"quay.io":{"auth":"eDp5"}},"proxies":{"default":{}}}');
    const made = await makeLoginFolder(folder, 'ghcr.io', { username: 'a', password: 'b' }, { DOCKER_CONFIG: own });
    const place = made.env.DOCKER_CONFIG ?? '';
    expect(JSON.parse(await readFile(join(place, 'config.json'), 'utf8'))).toEqual({
      auths: { 'quay.io': { auth: 'eDp5' }, 'ghcr.io': { auth: 'YTpi' } },
      proxies: { default: {} },
    });
    expect([(await stat(place)).mode & 0o777, (await stat(made.authFile ?? '')).mode & 0o777]).toEqual([0o700, 0o600]);
    expect(await readlink(join(place, 'cli-plugins'))).toBe(join(own, 'cli-plugins'));
    expect(made.env.BUILDX_CONFIG).toBe(join(own, 'buildx'));
    await made.remove();
    await expect(stat(place)).rejects.toThrow('ENOENT');
  });

  test('is not needed without a login', async () => {
    expect(await makeLoginFolder(folder, 'ghcr.io', undefined, {})).toMatchObject({ env: {}, authFile: undefined });
  });

  test('does not hide that the configuration is broken', async () => {
    await writeFile(join(folder, 'config.json'), '{"auths": []');
    const login = { username: 'a', password: 'b' };
    await expect(makeLoginFolder(folder, 'ghcr.io', login, { DOCKER_CONFIG: folder })).rejects.toThrow(
      `${folder}/config.json is not a docker configuration: `,
    );
  });
});

describe('where a password may go', () => {
  test.each([
    ['ghcr.io', 'https://ghcr.io/token', true],
    ['registry-1.docker.io', 'https://auth.docker.io/token', true],
    ['registry.digitalocean.com', 'https://api.digitalocean.com/v2/registry/auth', true],
    ['registry.gitlab.com', 'https://gitlab.com/jwt/auth', true],
    ['127.0.0.1:5000', 'http://127.0.0.1:5001/token', true],
    ['ghcr.io', 'http://ghcr.io/token', false],
    ['ghcr.io', 'https://evil.io/token', false],
    ['registry.acme.dev', 'https://evil.dev/token', false],
    ['registry.acme.dev', 'https://acme.dev.evil.test/token', false],
    ['registry.acme.dev', 'http://127.0.0.1/token', false],
    ['127.0.0.1:5000', 'https://evil.test/token', false],
  ])('of %s to %s: %s', (registry, realm, allowed) => {
    expect(mayReceivePassword(registry, new URL(realm))).toBe(allowed);
  });
});

test('a host of another site may have the password where people name it, over TLS and at that port', () => {
  const named = ['auth.acme.dev', 'auth.acme.dev:8443'];
  const may = (realm: string) => mayReceivePassword('registry.acme.io', new URL(realm), named);
  expect(['https://auth.acme.dev/token', 'https://auth.acme.dev:8443/token'].map(may)).toEqual([true, true]);
  expect(
    ['http://auth.acme.dev/', 'https://auth.acme.dev:444/', 'https://x.auth.acme.dev/', 'https://evil.test/'].map(may),
  ).toEqual([false, false, false, false]);
});

const BEARER = { scheme: 'bearer', realm: new URL('https://x.test/t') };

test.each([
  ['Basic realm="x"', [{ scheme: 'basic' }]],
  ['Basic', [{ scheme: 'basic' }]],
  [
    'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a/b:pull"',
    [{ scheme: 'bearer', realm: new URL('https://ghcr.io/token'), service: 'ghcr.io', scope: 'repository:a/b:pull' }],
  ],
  ['bearer realm="https://x.test/t"', [BEARER]],
  ['Bearer realm=https://x.test/t', [BEARER]],
  ['Bearer realm=https://x.test/t,service=x.test', [{ ...BEARER, service: 'x.test' }]],
  ['Bearer service="x.test", realm = https://x.test/t', [{ ...BEARER, service: 'x.test' }]],
  ['BEARER REALM="https://x.test/t"', [BEARER]],
  ['Bearer realm="https://x.test/t",service="a, Basic \\"b\\""', [{ ...BEARER, service: 'a, Basic "b"' }]],
  ['Bearer error="Basic realm=x",realm="https://x.test/t"', [BEARER]],
  ['Basic realm="x", Bearer realm="https://x.test/t"', [{ scheme: 'basic' }, BEARER]],
  ['Bearer realm="https://x.test/t",Basic realm="x"', [BEARER, { scheme: 'basic' }]],
  ['Bearer realm=https://x.test/t, Basic', [BEARER, { scheme: 'basic' }]],
  ['Negotiate YIIab==, Basic realm=x', [{ scheme: 'basic' }]],
  ['Negotiate, , Bearer realm="https://x.test/t"', [BEARER]],
  ['Bearer realm="nowhere"', []],
  ['Bearer realm="https://x.test/t', []],
  ['Bearer', []],
  ['Negotiate', []],
  ['realm="https://x.test/t"', []],
  ['', []],
  ['"",=;', []],
])('the challenges %s are read', (header, expected) => {
  expect(parseChallenges(header)).toEqual(expected);
});
