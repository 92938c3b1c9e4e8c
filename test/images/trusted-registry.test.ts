import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { imageRegistry } from '../../src/apps/config.js';
import { openGit } from '../../src/git/git.js';
import { requireTrustedRegistry } from '../../src/images/trusted-registry.js';
import { git } from '../support/git.js';
import { type GitRepository, openGitRepository } from '../support/git-repository.js';

const NONE: readonly string[] = [];

describe('A registry that gets the password of the repository', () => {
  let apps: GitRepository;
  let server: string;

  beforeAll(async () => {
    apps = await openGitRepository({
      'ostack.yaml': 'registry: registry.acme.com/acme\ntoken-services: [auth.acme.dev, auth.acme.dev:8443]\n',
    });
    server = await mkdtemp(join(tmpdir(), 'ostack-server-'));
    await serve('apps');
    await apps.git('rm', '--quiet', 'ostack.yaml');
    await apps.git('commit', '--quiet', '--allow-empty', '--message', 'chore: no settings');
    await serve('plain');
  });

  /** Puts the repository as it is now on the server. */
  async function serve(name: string): Promise<void> {
    const bare = join(server, 'acme', name);
    await mkdir(dirname(bare), { recursive: true });
    await git(server, ['clone', '--quiet', '--bare', apps.root, bare]);
  }

  afterAll(async () => {
    await rm(server, { recursive: true, force: true });
    await apps[Symbol.asyncDispose]();
  });

  const asked = (
    registry: string,
    { repository = 'acme/apps', ref = 'refs/pull/7/merge', branch = 'main', tokenServices = NONE } = {},
  ) =>
    requireTrustedRegistry(
      openGit({ cwd: apps.root, serverUrl: pathToFileURL(server).href, repository }),
      { event: { name: 'pull_request', payload: { repository: { default_branch: branch } } }, ref },
      { place: registry, tokenServices },
      (config) => imageRegistry(config, repository),
    );

  test.each([
    ['the one of the default branch', 'registry.acme.com/acme', {}],
    ["GitHub's, where the default branch has no settings", 'ghcr.io/acme', { repository: 'acme/plain' }],
    [
      'one whose token service the default branch names',
      'registry.acme.com/acme',
      { tokenServices: ['auth.acme.dev'] },
    ],
    ['any, on the default branch itself', 'evil.example/acme', { ref: 'refs/heads/main' }],
  ])('is %s', async (_what, registry, options) => {
    await expect(asked(registry, options)).resolves.toBeUndefined();
  });

  test.each([
    ['another host', 'evil.example/acme', {}],
    ['a host that only looks like it', 'registry.acme.com.evil.example/acme', {}],
    ['another port', 'registry.acme.com:8443/acme', {}],
    ['another space', 'registry.acme.com/acme-2', {}],
    ["GitHub's, where the default branch has another", 'ghcr.io/acme', {}],
    ['one that only the pull request has', 'registry.acme.com/acme', { repository: 'acme/plain' }],
    ["a tag's of the branch's name", 'evil.example/acme', { ref: 'refs/tags/main' }],
  ])('is not %s', async (_what, registry, options) => {
    await expect(asked(registry, options)).rejects.toThrow(
      `ostack.yaml here sends images to ${registry}, and that of main to`,
    );
  });

  test.each([
    ['another one', ['auth.evil.example']],
    ['another one beside it', ['auth.acme.dev', 'auth.evil.example']],
    ['another port of it', ['auth.evil.example:444']],
  ])('is none with a token service that only the pull request names: %s', async (_what, tokenServices) => {
    await expect(asked('registry.acme.com/acme', { tokenServices })).rejects.toThrow(
      `ostack.yaml here lets the login of the registry go to ${tokenServices.at(-1)} ("token-services"), and that of main does not`,
    );
  });

  test('is none where the default branch cannot be read', async () => {
    await expect(asked('registry.acme.com/acme', { branch: 'gone' })).rejects.toThrow(
      'Where the images of gone go cannot be read',
    );
  });
});
