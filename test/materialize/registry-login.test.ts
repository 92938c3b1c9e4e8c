import { expect, test } from '@jest/globals';
import { registryLogin } from '../../src/materialize/lock/registry-login.js';

const CREDENTIALS = { serverUrl: 'https://github.com', owner: 'acme', token: 't0ken' };

test("charts of the run's own owner in GitHub's registry are pulled with its token", () => {
  const login = registryLogin('oci://ghcr.io/Acme/charts', CREDENTIALS);
  const { auths } = JSON.parse(login ?? '{}');
  expect(Object.keys(auths)).toEqual(['ghcr.io']);
  expect(Buffer.from(auths['ghcr.io'].auth, 'base64').toString()).toBe('x-access-token:t0ken');
});

test.each([
  ['another owner', 'oci://ghcr.io/other/charts', {}],
  ['an owner whose name begins as ours', 'oci://ghcr.io/acme-evil/charts', {}],
  ['another registry', 'oci://ghcr.io.evil.test/acme/charts', {}],
  ['a host that has the registry as a user', 'oci://ghcr.io@evil.test/acme', {}],
  ['a repository over https', 'https://ghcr.io/acme/charts', {}],
  ['packages of another server', 'oci://ghcr.io/acme/charts', { serverUrl: 'https://github.acme.test' }],
  ['a run without a token', 'oci://ghcr.io/acme/charts', { token: undefined }],
])('%s gets none', (_what, repository, more) => {
  expect(registryLogin(repository, { ...CREDENTIALS, ...more })).toBeUndefined();
});
