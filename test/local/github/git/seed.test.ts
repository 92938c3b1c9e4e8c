import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { git } from '../../../../src/local/github/git/run.js';
import { createBareRepository, type Seed } from '../../../../src/local/github/git/seed.js';
import { startStage } from '../../../../src/local/stage.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-seed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function create(name: string, seed?: Seed): Promise<string> {
  const gitDir = join(folder, name);
  const now = new Date('2026-01-02T03:04:05Z');
  const { objects } = await createBareRepository(gitDir, { seed, defaultBranch: 'trunk', hooksDir: '/hooks', now });
  await objects.close();
  return objects.gitDir;
}

async function said(gitDir: string, ...args: string[]): Promise<string> {
  return (await git(gitDir, args)).stdout.toString().trim();
}

test('an empty repository has the default branch and the settings of the stage', async () => {
  const gitDir = await create('empty');
  expect(await readFile(join(gitDir, 'HEAD'), 'utf8')).toBe('ref: refs/heads/trunk\n');
  expect((await said(gitDir, 'config', '--local', '--list')).split('\n')).toEqual(
    expect.arrayContaining(['core.bare=true', 'core.hookspath=/hooks', 'http.receivepack=true']),
  );
  expect(await said(gitDir, 'fsck', '--strict')).toBe('');
});

test('the first commit of files is what git fast-import would make, and git can clone it', async () => {
  const files = { 'b.txt': 'b\n', 'b/c': 'folder and file\n', 'ä"\\\n': '', 'b-c': 'x'.repeat(200_000) };
  const gitDir = await create('files', { files });
  const stream = Object.entries(files).map(
    ([path, text]) => `M 100644 inline ${JSON.stringify(path)}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
  );
  const its = await create('imported');
  await git(its, ['fast-import', '--quiet'], {
    input: `commit refs/heads/trunk\ncommitter Stage <stage@localhost> 1767323045 +0000\ndata 14\nInitial commit\n${stream.join('')}`,
  });
  expect(await said(gitDir, 'for-each-ref')).toBe(await said(its, 'for-each-ref'));
  expect(await said(gitDir, 'fsck', '--strict', '--full')).toBe('');
  await git(join(folder, 'clone'), ['clone', '--quiet', '--bare', '--no-local', gitDir, join(folder, 'clone')]);
  expect(await said(join(folder, 'clone'), 'show', 'HEAD:b-c')).toBe(files['b-c']);
});

test('a folder keeps its links and what can be run, and no files at all are a commit too', async () => {
  const source = join(folder, 'source');
  await mkdir(join(source, 'bin'), { recursive: true });
  await writeFile(join(source, 'bin/run'), '#!/bin/sh\n');
  await chmod(join(source, 'bin/run'), 0o755);
  await symlink('bin/run', join(source, 'link'));
  const listed = await said(await create('folder', { folder: source }), 'ls-tree', '-r', 'trunk');
  expect(listed.split('\n').map((line) => line.replace(/ blob [0-9a-f]+\t/, ' '))).toEqual([
    '100755 bin/run',
    '120000 link',
  ]);
  const empty = await create('nothing', { files: {} });
  expect(await said(empty, 'log', '--format=%s %T')).toBe('Initial commit 4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  expect(await said(empty, 'fsck', '--strict')).toBe('');
});

test('repositories are in the folder of the stage', async () => {
  await using stage = await startStage({ repositories: { 'acme/app': { files: { a: '1\n' } } } });
  const repository = stage.github.repository('acme/app');
  const second = await repository.commit('main', { a: '2\n' }, 'two');
  const gitDir = join(stage.stateDir, 'repositories/acme/app.git');
  expect(await said(gitDir, 'rev-parse', 'main')).toBe(second);
  const third = await repository.commit('main', { a: '3\n' }, 'three');
  expect(await said(gitDir, 'rev-parse', 'main')).toBe(third);
  await stage.github.createRepository('acme/ops', { files: {} });
  expect(await said(join(stage.stateDir, 'repositories/acme/ops.git'), 'rev-list', '--all', '--count')).toBe('1');
});
