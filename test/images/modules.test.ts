import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Git, openGit } from '../../src/git/git.js';
import { type Checkout, checkOut, leaveCheckout } from '../../src/images/checkout.js';
import { type GitRepository, openGitRepository } from '../support/git-repository.js';

let folder: string;
let inner: GitRepository;
let module: GitRepository;
let apps: GitRepository;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-modules-'));
  process.env.GIT_ALLOW_PROTOCOL = 'file';
  inner = await openGitRepository({ 'deep.txt': 'deep\n' });
  module = await openGitRepository({ 'x.txt': 'one\n' });
  await module.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'inner');
  await module.commit({});
  apps = await openGitRepository({ 'apps/shop/Dockerfile': 'FROM scratch\n' });
});
afterEach(async () => {
  delete process.env.GIT_ALLOW_PROTOCOL;
  await rm(folder, { recursive: true, force: true });
  for (const repository of [inner, module, apps]) {
    await repository[Symbol.asyncDispose]();
  }
});

function gitOf({ root }: GitRepository): Git {
  return openGit({ cwd: root, serverUrl: 'http://127.0.0.1:1', repository: 'acme/apps', token: '' });
}

async function addModule(): Promise<string> {
  await apps.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', module.root, 'lib');
  await apps.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init', '--recursive');
  return apps.commit({});
}

/** Moves the module to another commit, which its server has too. */
async function moveModule(): Promise<string> {
  const moved = await module.commit({ 'x.txt': 'two\n' });
  await apps.git('-C', 'lib', 'fetch', '--quiet', 'origin');
  await apps.git('-C', 'lib', 'checkout', '--quiet', moved);
  return apps.commit({});
}

async function has({ root }: Checkout, path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch(() => undefined);
}

describe('a work tree of another commit', () => {
  test('has the modules of that commit, from the copies that the checkout has, and leaves nothing behind', async () => {
    const earlier = await addModule();
    await moveModule();
    const git = gitOf(apps);
    const made = await checkOut(git, earlier, folder);
    expect(await has(made, 'lib/x.txt')).toBe('one\n');
    expect(await has(made, 'lib/inner/deep.txt')).toBe('deep\n');
    expect(await readFile(join(apps.root, 'lib/x.txt'), 'utf8')).toBe('two\n');
    await leaveCheckout(git, made);
    await expect(access(made.root)).rejects.toThrow('ENOENT');
    for (const repository of ['.', 'lib', 'lib/inner']) {
      expect((await apps.git('-C', repository, 'worktree', 'list')).split('\n')).toHaveLength(1);
    }
  });

  test('fetches a commit that its copy does not have', async () => {
    await addModule();
    const moved = await moveModule();
    const shallow = join(folder, 'shallow');
    await apps.git('clone', '--quiet', '--no-local', apps.root, shallow);
    await apps.git('-C', shallow, 'reset', '--quiet', '--hard', `${moved}~1`);
    const update = [
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'update',
      '--init',
      '--recursive',
      '--depth=1',
    ];
    await apps.git('-C', shallow, ...update);
    const git = openGit({ cwd: shallow, serverUrl: 'http://127.0.0.1:1', repository: 'acme/apps', token: '' });
    expect(await has(await checkOut(git, moved, folder), 'lib/x.txt')).toBe('two\n');
  });

  test('gets a module that the checkout does not have any more', async () => {
    const earlier = await addModule();
    await apps.git('rm', '--quiet', '--force', 'lib');
    await rm(join(apps.root, '.git/modules'), { recursive: true, force: true });
    await apps.commit({});
    const made = await checkOut(gitOf(apps), earlier, folder);
    expect([await has(made, 'lib/x.txt'), await has(made, 'lib/inner/deep.txt')]).toEqual(['one\n', 'deep\n']);
  });

  test('has none where the checkout was made without them', async () => {
    const earlier = await addModule();
    await moveModule();
    await apps.git('submodule', '--quiet', 'deinit', '--force', '--all');
    expect(await has(await checkOut(gitOf(apps), earlier, folder), 'lib/x.txt')).toBeUndefined();
  });

  test('is refused with the module and the reason where a commit of one cannot be had', async () => {
    await addModule();
    await apps.git('-C', 'lib', 'commit', '--quiet', '--allow-empty', '--message', 'fix: nowhere');
    const lost = await apps.git('-C', 'lib', 'rev-parse', 'HEAD');
    const earlier = await apps.commit({});
    await apps.git('-C', 'lib', 'checkout', '--quiet', 'HEAD~1');
    await apps.commit({});
    await apps.git('-C', 'lib', 'reflog', 'expire', '--expire=now', '--all');
    await apps.git('-C', 'lib', 'gc', '--quiet', '--prune=now');
    await apps.git('-C', 'lib', 'branch', '--force', 'main', 'HEAD').catch(() => '');
    await apps.git('-C', 'lib', 'reflog', 'expire', '--expire=now', '--all');
    await apps.git('-C', 'lib', 'gc', '--quiet', '--prune=now');
    await expect(checkOut(gitOf(apps), earlier, folder)).rejects.toThrow(
      `Commit ${earlier} is to be built, and it has the module lib at ${lost}, which this checkout does not have and which cannot be fetched: `,
    );
  });

  test("keeps pointers of Git LFS as the checkout does, whatever the machine's own settings are", async () => {
    const home = process.env.HOME;
    process.env.HOME = folder;
    await writeFile(
      join(folder, '.gitconfig'),
      '[filter "lfs"]\n\tsmudge = exit 3\n\tclean = cat\n\trequired = true\n',
    );
    try {
      await apps.commit({ '.gitattributes': '*.bin filter=lfs\n', 'model.bin': 'pointer\n' });
      const earlier = await apps.git('rev-parse', 'HEAD');
      await apps.commit({ 'x.txt': '' });
      const git = gitOf(apps);
      expect(await has(await checkOut(git, earlier, folder), 'model.bin')).toBe('pointer\n');
      await apps.git('config', 'filter.lfs.smudge', 'echo content');
      expect(await has(await checkOut(git, earlier, folder), 'model.bin')).toBe('content\n');
    } finally {
      process.env.HOME = home;
    }
  });
});
