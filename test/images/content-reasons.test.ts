import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { addModule, type Change, contentOf, repositoryOf, tagOf } from './content-support.js';

describe('there is no tag, with the reason', () => {
  test.each<[string, Change, string]>([
    [
      'a changed file',
      ({ write }) => write({ 'apps/web/main.js': 'x' }),
      'apps/web/main.js is not as it is in the commit',
    ],
    ['a new file', ({ write }) => write({ 'apps/web/new': '' }), 'apps/web/new is not as it is in the commit'],
    [
      'an ignored file',
      ({ write }) => write({ 'apps/web/debug.log': '' }),
      'apps/web/debug.log is not as it is in the commit',
    ],
    [
      'a changed shared file',
      ({ write }) => write({ 'packages/ui/button': '' }),
      'packages/ui/button is not as it is in the commit',
    ],
    [
      'a new file that settings hide',
      async ({ git, write }) => {
        await git('config', 'status.showUntrackedFiles', 'no');
        await write({ 'apps/web/new': '' });
      },
      'apps/web/new is not as it is in the commit',
    ],
    [
      'an ignored file in a module',
      async (repository) => {
        await addModule(repository);
        await repository.write({ 'apps/web/vendor/debug.log': '' });
      },
      'apps/web/vendor/debug.log is not as it is in the commit',
    ],
    [
      'a context that git does not have',
      async ({ root }) => {
        await rename(join(root, 'apps/web'), join(root, 'apps/gone'));
        await mkdir(join(root, 'apps/web'));
      },
      'apps/web/Dockerfile is not as it is in the commit',
    ],
  ])('%s', async (_name, change, reason) => {
    const repository = await repositoryOf();
    await change(repository);
    expect(await contentOf(repository)).toEqual({ reason });
  });

  test.each([
    [{ problem: 'no network' }, 'the digest of node:24 is not known: no network'],
    [
      { image: { file: 'apps/web/Dockerfile.arg' } },
      'apps/web/Dockerfile.arg takes "node:$TAG", which does not tell one image',
    ],
    [
      { image: { file: 'apps/web/Dockerfile.add' } },
      'apps/web/Dockerfile.add:2 adds "https://x.test/a", which may be another one each time',
    ],
    [{ image: { context: 'apps/outside' } }, 'apps/outside is a link to'],
    [{ image: { shared: ['packages/none'] } }, 'packages/none is not there'],
  ])('%j', async (options, reason) => {
    const repository = await repositoryOf({
      'apps/web/Dockerfile.arg': 'ARG TAG\nFROM node:$TAG\n',
      'apps/web/Dockerfile.add': 'FROM node:24\nADD https://x.test/a /\n',
    });
    await symlink('/tmp', join(repository.root, 'apps/outside'));
    await repository.commit({});
    expect(await contentOf(repository, options)).toEqual({ reason: expect.stringContaining(reason) });
  });
});

test('the frontend counts and is pinned, where the engine has one', async () => {
  const repository = await repositoryOf({
    'apps/web/Dockerfile': '# syntax = docker/dockerfile:1 # x\n# escape=`\nFROM node:24\n',
  });
  const digests = { 'docker/dockerfile:1': 'b' };
  const found = await contentOf(repository, { digests });
  expect(found).toMatchObject({
    pins: { 'node:24': `sha256:${'a'.repeat(64)}` },
    frontend: `docker.io/docker/dockerfile@sha256:${'b'.repeat(64)} # x`,
  });
  expect(await tagOf(repository)).not.toBe('tag' in found ? found.tag : '');
  expect(await contentOf(repository, { engine: 'buildah' })).toMatchObject({ frontend: undefined });
  const given = { settings: { buildArgs: { BUILDKIT_SYNTAX: `acme/lang@sha256:${'c'.repeat(64)}` } } };
  expect(await contentOf(repository, given)).toEqual({
    reason: expect.stringContaining('is read by acme/lang@sha256:'),
  });
});

test("git's own folder in the context makes a content one of its commit only, unless it is kept out", async () => {
  const root = { image: { context: '.' } };
  const tags: string[] = [];
  const repository = await repositoryOf();
  for (const files of [{}, { '.dockerignore': '.git\n' }]) {
    await repository.commit({ 'x.txt': JSON.stringify(files), ...files });
    tags.push(await tagOf(repository, root), await tagOf(repository, root));
    await repository.git('commit', '--quiet', '--allow-empty', '--message', 'fix: nothing');
    tags.push(await tagOf(repository, root));
  }
  expect(tags.map((tag) => tags.indexOf(tag))).toEqual([0, 0, 2, 3, 3, 3]);
});

describe('what a checkout lacks', () => {
  test('is named: modules and the content of Git LFS', async () => {
    const repository = await repositoryOf({
      'apps/web/model.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 5\n',
    });
    await addModule(repository);
    expect(await contentOf(repository)).toMatchObject({
      absent: ['the content of apps/web/model.bin, which Git LFS keeps'],
    });
    await repository.git('submodule', '--quiet', 'deinit', '--force', '--all');
    expect(await contentOf(repository)).toMatchObject({
      absent: ['the content of apps/web/model.bin, which Git LFS keeps', 'the module apps/web/vendor'],
    });
  });
});
