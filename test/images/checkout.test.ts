import { lstat, lutimes, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Git, openGit } from '../../src/git/git.js';
import { readCheckout, readObjects } from '../../src/images/checkout.js';
import { raiseFileTimes } from '../../src/images/file-times.js';
import { type AppsRepository, openRepository } from '../actions/build-push-image/support.js';

let repository: AppsRepository;
let git: Git;
beforeEach(async () => {
  repository = await openRepository({ 'apps/a/x': '1', 'apps/a/[x]': '2', 'apps/b': '3', '.gitignore': '*.log\n' });
  git = openGit({ cwd: repository.root, serverUrl: 'http://127.0.0.1:1', repository: 'acme/apps', token: '' });
});
afterEach(async () => {
  await repository[Symbol.asyncDispose]();
});

describe("git's ids of what an image is made of", () => {
  test('are those of the commit', async () => {
    const tree = await repository.git('rev-parse', 'HEAD:apps/a');
    const root = await repository.git('rev-parse', 'HEAD^{tree}');
    expect(await readObjects(git, repository.root, ['apps/a', '.', 'apps/a'])).toEqual({
      objects: { 'apps/a': tree, '.': root },
    });
  });

  test.each([
    ['a changed file', { 'apps/a/x': 'changed' }, 'apps/a/x is not as it is in the commit'],
    ['a new file', { 'apps/a/new': '' }, 'apps/a/new is not as it is in the commit'],
    ['an ignored file', { 'apps/a/debug.log': '' }, 'apps/a/debug.log is not as it is in the commit'],
  ])('tell nothing with %s', async (_name, files, reason) => {
    await repository.write(files);
    expect(await readObjects(git, repository.root, ['apps/a'])).toEqual({ reason });
    expect(await readObjects(git, repository.root, ['apps/b'])).toHaveProperty('objects');
  });

  test('tell nothing of a path that git does not have', async () => {
    await mkdir(join(repository.root, 'out'));
    expect(await readObjects(git, repository.root, ['out'])).toEqual({ reason: 'git does not have all of out' });
  });
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
  await raiseFileTimes(git, { root, createdAt: commitTime }, ['apps/a']);
  const after = await Promise.all(
    Object.keys(times).map(async (path) => (await lstat(join(root, path))).mtimeMs / 1000),
  );
  expect(after).toEqual([late, commitTime, old, old, commitTime]);
});
