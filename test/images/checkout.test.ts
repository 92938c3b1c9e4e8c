import { chmod, lstat, lutimes, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Git, openGit } from '../../src/git/git.js';
import { readCheckout } from '../../src/images/checkout.js';
import { settleFiles } from '../../src/images/settle-files.js';
import { type GitRepository, openGitRepository } from '../support/git-repository.js';

let repository: GitRepository;
let git: Git;
beforeEach(async () => {
  repository = await openGitRepository({ 'apps/a/x': '1', 'apps/a/[x]': '2', 'apps/b': '3', '.gitignore': '*.log\n' });
  git = openGit({ cwd: repository.root, serverUrl: 'http://127.0.0.1:1', repository: 'acme/apps', token: '' });
});
afterEach(async () => {
  await repository[Symbol.asyncDispose]();
});

test('the commit of a checkout and its time', async () => {
  expect(await readCheckout(git, repository.root)).toEqual({
    root: repository.root,
    revision: await repository.git('rev-parse', 'HEAD'),
    createdAt: Date.parse('2026-03-01T12:00:00Z') / 1000,
  });
});

test('files and folders older than the commit get its time, others keep theirs', async () => {
  const { root } = repository;
  const old = Date.parse('2020-01-01T00:00:00Z') / 1000;
  const late = Date.parse('2027-01-01T00:00:00Z') / 1000;
  await symlink('nowhere', join(root, 'apps/a/link'));
  await writeFile(join(root, 'apps/a/untracked'), '');
  await repository.git('add', 'apps/a/link');
  await rm(join(root, 'apps/a/[x]'));
  const times: Record<string, number> = {
    'apps/a/x': late,
    'apps/a/link': old,
    'apps/a/untracked': old,
    'apps/b': old,
    'apps/a': old,
  };
  for (const [path, time] of Object.entries(times)) {
    await lutimes(join(root, path), time, time);
  }
  const commitTime = late - 1000;
  await settleFiles(git, { root, createdAt: commitTime }, ['apps/a']);
  const after = await Promise.all(
    Object.keys(times).map(async (path) => (await lstat(join(root, path))).mtimeMs / 1000),
  );
  expect(after).toEqual([late, commitTime, old, old, commitTime]);
});

test.each([0o000, 0o002, 0o027, 0o077, 0o177])(
  'modes are those that git knows, whatever the umask (%i) was',
  async (umask) => {
    const { root } = repository;
    await repository.write({ 'apps/a/run': '#!/bin/sh\n', 'apps/a/inner/x': '' });
    await chmod(join(root, 'apps/a/run'), 0o755);
    await repository.git('add', '.');
    await repository.git('commit', '--quiet', '--message', 'fix: run');
    for (const path of ['apps/a/x', 'apps/a/inner/x', 'apps/b']) {
      await chmod(join(root, path), 0o666 & ~umask);
    }
    for (const path of ['apps/a/run', 'apps/a', 'apps/a/inner']) {
      await chmod(join(root, path), 0o777 & ~umask);
    }
    await repository.write({ 'apps/a/untracked': '' });
    await chmod(join(root, 'apps/a/untracked'), 0o600);
    await settleFiles(git, { root, createdAt: 1 }, ['apps/a']);
    const paths = ['apps/a', 'apps/a/inner', 'apps/a/run', 'apps/a/x', 'apps/a/inner/x', 'apps/a/untracked', 'apps/b'];
    const modes = await Promise.all(
      paths.map(async (path) => ((await lstat(join(root, path))).mode & 0o7777).toString(8)),
    );
    expect(modes).toEqual(['755', '755', '755', '644', '644', '600', (0o666 & ~umask).toString(8)]);
  },
);
