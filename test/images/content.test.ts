import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  addModule,
  type Change,
  commit,
  type Options,
  repositoryOf,
  smudge,
  tagOf,
  withFilter,
} from './content-support.js';

describe('the tag of a content differs, or there is none, where two builds see something different', () => {
  test.each<[string, Change, Change]>([
    ['a file', async () => {}, commit({ 'apps/web/main.js': 'console.log(2)\n' })],
    ['a file more', async () => {}, commit({ 'apps/web/lib/b.txt': '' })],
    [
      'a file of another name',
      async () => {},
      async ({ root, git }) => {
        await rename(join(root, 'apps/web/main.js'), join(root, 'apps/web/index.js'));
        await git('add', '.');
        await git('commit', '--quiet', '--message', 'fix: name');
      },
    ],
    ['the Dockerfile', async () => {}, commit({ 'apps/web/Dockerfile': 'FROM node:24\nCOPY lib /\n' })],
    ['a shared path', async () => {}, commit({ 'packages/ui/button': 'other\n' })],
    ['an ignore file of the context', async () => {}, commit({ 'apps/web/.dockerignore': 'lib\n' })],
    [
      'an ignore file of the Dockerfile',
      commit({ 'apps/web/Dockerfile.dockerignore': 'lib\n' }),
      commit({ 'apps/web/Dockerfile.dockerignore': 'main.js\n' }),
    ],
    ['an ignore file for buildah', async () => {}, commit({ 'apps/web/.containerignore': 'lib\n' })],
    [
      'who may run a file',
      async () => {},
      async ({ root, git }) => {
        await chmod(join(root, 'apps/web/main.js'), 0o755);
        await git('add', '.');
        await git('commit', '--quiet', '--message', 'fix: mode');
      },
    ],
    [
      'who may run a file, where the disk does not tell',
      async () => {},
      async ({ git }) => {
        await git('config', 'core.fileMode', 'false');
        await git('update-index', '--chmod=+x', 'apps/web/main.js');
        await git('commit', '--quiet', '--message', 'fix: mode');
      },
    ],
    [
      'where a link leads',
      async ({ root, commit: save }) => {
        await symlink('main.js', join(root, 'apps/web/link'));
        await save({});
      },
      async ({ root, commit: save }) => {
        await rm(join(root, 'apps/web/link'));
        await symlink('lib/a.txt', join(root, 'apps/web/link'));
        await save({});
      },
    ],
    [
      'a link and a file of its text',
      async ({ root, commit: save }) => {
        await symlink('main.js', join(root, 'apps/web/link'));
        await save({});
      },
      commit({ 'apps/web/link': 'main.js' }),
    ],
    ['an empty folder, which git does not know', async () => {}, ({ root }) => mkdir(join(root, 'apps/web/empty'))],
    [
      'line ends, by attributes above the context',
      async ({ commit: save }) => {
        await save({ '.gitattributes': '*.js text eol=lf\n' });
      },
      async ({ root, git, commit: save }) => {
        await save({ '.gitattributes': '*.js text eol=crlf\n' });
        await rm(join(root, 'apps/web/main.js'));
        await git('checkout', '--', 'apps/web/main.js');
      },
    ],
    [
      "line ends, by the machine's settings",
      async () => {},
      async ({ root, git }) => {
        await git('config', 'core.autocrlf', 'true');
        await rm(join(root, 'apps/web/main.js'));
        await git('checkout', '--', 'apps/web/main.js');
      },
    ],
    [
      'keywords that git fills in',
      async ({ commit: save }) => {
        await save({ 'apps/web/main.js': '// $Id$\n' });
      },
      async ({ root, git, commit: save }) => {
        await save({ '.gitattributes': '*.js ident\n', 'apps/web/main.js': '// $Id$\n' });
        await rm(join(root, 'apps/web/main.js'));
        await git('checkout', '--', 'apps/web/main.js');
      },
    ],
    [
      'a filter: pointers and content',
      (repository) => withFilter(repository, 'cat'),
      (repository) => smudge(repository, 'echo content'),
    ],
    [
      'a filter: two contents of one pointer',
      (repository) => withFilter(repository, 'echo one'),
      (repository) => smudge(repository, 'echo two'),
    ],
    [
      'what a sparse checkout has',
      async () => {},
      async ({ git }) => {
        await git('sparse-checkout', 'set', '--no-cone', '/*', '!/apps/web/lib/');
      },
    ],
    [
      'a file that git was told not to look at',
      async () => {},
      async ({ root, git }) => {
        await git('update-index', '--assume-unchanged', 'apps/web/main.js');
        await writeFile(join(root, 'apps/web/main.js'), 'changed\n');
      },
    ],
    [
      'a new file that settings hide',
      async () => {},
      async ({ root, git }) => {
        await git('config', 'status.showUntrackedFiles', 'no');
        await writeFile(join(root, 'apps/web/new.js'), '');
      },
    ],
    [
      'a module that is not checked out',
      (repository) => addModule(repository),
      ({ git }) => git('submodule', '--quiet', 'deinit', '--force', '--all'),
    ],
    [
      'the content of a module',
      (repository) => addModule(repository),
      async ({ write, git, commit: save }) => {
        await write({ 'apps/web/vendor/x.txt': 'other\n' });
        await git('-C', 'apps/web/vendor', 'commit', '--quiet', '--all', '--message', 'fix: other');
        await save({});
      },
    ],
    [
      'a module at another commit than the one that is meant',
      (repository) => addModule(repository),
      async ({ git }) => {
        await git('-C', 'apps/web/vendor', 'commit', '--quiet', '--allow-empty', '--message', 'fix: none');
        await git('config', 'diff.ignoreSubmodules', 'all');
      },
    ],
    [
      'a change in a module',
      (repository) => addModule(repository),
      ({ write }) => write({ 'apps/web/vendor/x.txt': 'changed\n' }),
    ],
    [
      'a change in a module that settings hide',
      (repository) => addModule(repository),
      async ({ write, git }) => {
        await git('config', 'submodule.apps/web/vendor.ignore', 'all');
        await write({ 'apps/web/vendor/x.txt': 'changed\n' });
      },
    ],
    [
      'an ignored file in a module',
      (repository) => addModule(repository),
      ({ write }) => write({ 'apps/web/vendor/debug.log': '' }),
    ],
  ])('%s', async (_name, left, right) => {
    const repository = await repositoryOf();
    await left(repository);
    const before = await tagOf(repository);
    expect(before).toMatch(/^content-/);
    await right(repository);
    expect(await tagOf(repository)).not.toBe(before);
  });
  test.each<[string, Options, Options]>([
    ['a base image', { digests: { 'node:24': 'a' } }, { digests: { 'node:24': 'b' } }],
    ['a build argument', {}, { settings: { buildArgs: { A: '1' } } }],
    ['the value of a build argument', { settings: { buildArgs: { A: '1' } } }, { settings: { buildArgs: { A: '2' } } }],
    ['a platform', {}, { settings: { platforms: ['linux/arm64'] } }],
    ['a secret', {}, { settings: { secrets: [{ id: 'TOKEN', variable: 'X' }] } }],
    ['an attestation', {}, { settings: { sbom: true } }],
    ['the context', {}, { image: { context: '.' } }],
  ])('%s', async (_name, left, right) => {
    const repository = await repositoryOf();
    expect(await tagOf(repository, right)).not.toBe(await tagOf(repository, left));
  });

  test('a link out of the context', async () => {
    const repository = await repositoryOf();
    await symlink('../other/x', join(repository.root, 'apps/web/link'));
    await repository.commit({});
    expect(await tagOf(repository)).toBe(
      'no tag: apps/web/link is a link that leads out of the context, to ../other/x',
    );
    await rm(join(repository.root, 'apps/web/link'));
    await symlink('/usr/bin/node', join(repository.root, 'apps/web/link'));
    await repository.commit({});
    expect(await tagOf(repository)).toMatch(/^content-/);
  });

  test('a context and a Dockerfile that are links count as what they lead to', async () => {
    const repository = await repositoryOf({ 'common/Dockerfile': 'FROM node:24\n' });
    await symlink('../common/Dockerfile', join(repository.root, 'apps/Dockerfile.linked'));
    await symlink('other', join(repository.root, 'apps/linked'));
    await repository.commit({});
    const image = { context: 'apps/linked', file: 'apps/Dockerfile.linked' };
    const before = await tagOf(repository, { image });
    expect(before).toMatch(/^content-/);
    await repository.commit({ 'common/Dockerfile': 'FROM node:24\nRUN x\n' });
    const between = await tagOf(repository, { image });
    await repository.commit({ 'apps/other/x': 'changed\n' });
    expect(new Set([before, between, await tagOf(repository, { image })]).size).toBe(3);
  });
});

describe('the tag of a content is the same', () => {
  test('for a commit that changes nothing of it', async () => {
    const repository = await repositoryOf();
    const before = await tagOf(repository);
    expect(before).toMatch(/^content-/);
    await repository.commit({ 'apps/other/x': 'changed\n', 'README.md': '' });
    expect(await tagOf(repository)).toBe(before);
  });

  test.each([0o600, 0o664, 0o666])('for modes that only the umask made (%i)', async (mode) => {
    const repository = await repositoryOf();
    const before = await tagOf(repository);
    await chmod(join(repository.root, 'apps/web/main.js'), mode);
    expect(await tagOf(repository)).toBe(before);
  });

  test('for two clones with the same modules', async () => {
    const repository = await repositoryOf({ 'apps/web/.dockerignore': '**/.git\n' });
    await addModule(repository);
    const before = await tagOf(repository);
    expect(before).toMatch(/^content-/);
    await repository.commit({ 'README.md': '' });
    expect(await tagOf(repository)).toBe(before);
  });
});
