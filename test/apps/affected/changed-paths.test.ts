import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { changedPaths } from '../../../src/apps/affected/changed-paths.js';
import { openFolder, type TempRepository, tempRepository } from '../../release/support/temp-repository.js';

const run = promisify(execFile);

/** A server where `topic` left `main` some commits ago, and both have moved on. */
async function server(apart = 3) {
  const repository = await tempRepository();
  await repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await repository.commit('first', { old: '1', 'ä "b"\n.txt': '1' });
  await repository.git('checkout', '--quiet', '-b', 'topic');
  const head = await repository.commit('topic', { new: '1', 'ä "b"\n.txt': '2' });
  await repository.git('checkout', '--quiet', 'main');
  await repository.commits(apart, (number) => `main ${number}`);
  const base = await repository.git('rev-parse', 'HEAD');
  return { repository, base, head };
}

/** A clone with one commit: what actions/checkout makes for a pull request. */
async function shallow({ folder }: TempRepository) {
  const clone = await mkdtemp(join(tmpdir(), 'ostack-clone-'));
  await run('git', ['clone', '--quiet', '--depth=1', `file://${folder}`, clone]);
  return {
    git: openFolder(clone, folder),
    [Symbol.asyncDispose]: () => rm(clone, { recursive: true, force: true }),
  };
}

const what = '';

describe('the paths that a change touches', () => {
  test('of a branch are what it brings since it left the other one', async () => {
    const { repository, base, head } = await server();
    await using _ = repository;
    const found = await changedPaths(openFolder(repository.folder), { kind: 'branch', base, head, what });
    expect(found).toEqual({ paths: ['new', 'ä "b"\n.txt'] });
  });

  test('of a range are what differs between its ends, with both names of what was renamed', async () => {
    await using repository = await tempRepository();
    const base = await repository.commit('first', { a: 'same content\n', b: '' });
    await repository.git('mv', 'a', 'c');
    const head = await repository.commit('second');
    const found = await changedPaths(openFolder(repository.folder), { kind: 'range', base, head, what });
    expect(found).toEqual({ paths: ['a', 'c'] });
  });

  test.each([3, 60, 300])('are found in a clone of one commit, the branches %d commits apart', async (apart) => {
    const { repository, base, head } = await server(apart);
    await using _ = repository;
    await using clone = await shallow(repository);
    const found = await changedPaths(clone.git, { kind: 'branch', base, head, what });
    expect(found).toEqual({ paths: ['new', 'ä "b"\n.txt'] });
  });

  test('of a range are found in a clone of one commit', async () => {
    const { repository, base, head } = await server();
    await using _ = repository;
    await using clone = await shallow(repository);
    const found = await changedPaths(clone.git, { kind: 'range', base: head, head: base, what });
    expect(found).toEqual({ paths: ['line', 'new', 'ä "b"\n.txt'] });
  });

  test('leave a full clone a full one', async () => {
    const { repository, head } = await server();
    await using _ = repository;
    const clone = await mkdtemp(join(tmpdir(), 'ostack-clone-'));
    await run('git', ['clone', '--quiet', '--single-branch', `file://${repository.folder}`, clone]);
    const git = openFolder(clone, repository.folder);
    const base = await repository.git('rev-parse', 'main');
    expect(await changedPaths(git, { kind: 'branch', base, head, what })).toEqual({ paths: ['new', 'ä "b"\n.txt'] });
    expect((await git.read(['rev-parse', '--is-shallow-repository'])).trim()).toBe('false');
    await rm(clone, { recursive: true, force: true });
  });

  test.each(['main', 'refs/heads/main', 'v1'])('are found from the base %s, as the server has it', async (base) => {
    const { repository, head } = await server();
    await using _ = repository;
    await repository.git('tag', '-a', 'v1', '-m', 'v1', 'main~1');
    await using clone = await shallow(repository);
    const found = await changedPaths(clone.git, { kind: 'branch', base, head, what });
    expect(found).toEqual({ paths: ['new', 'ä "b"\n.txt'] });
  });
});

describe('a change that cannot be known', () => {
  test('says that the base does not exist', async () => {
    const { repository, head } = await server();
    await using _ = repository;
    const found = await changedPaths(openFolder(repository.folder), { kind: 'branch', base: 'nope', head, what });
    expect(found).toEqual({ unknown: 'nope is not in the repository' });
  });

  test.each(['branch', 'range'] as const)('says what the server does not give: a %s', async (kind) => {
    const { repository, head } = await server();
    await using _ = repository;
    await using clone = await shallow(repository);
    const found = await changedPaths(clone.git, { kind, base: 'a'.repeat(40), head, what });
    expect(found).toEqual({
      unknown: expect.stringMatching(/^aaaaaaa.* could not be fetched from file:.*"fetch-depth: 0"/),
    });
  });

  test('says that nothing is in common', async () => {
    const { repository, base } = await server();
    await using _ = repository;
    await repository.git('checkout', '--quiet', '--orphan', 'other');
    const head = await repository.commit('other', { other: '' });
    await repository.git('checkout', '--quiet', 'main');
    const full = await changedPaths(openFolder(repository.folder), { kind: 'branch', base, head, what });
    await using clone = await shallow(repository);
    const found = await changedPaths(clone.git, { kind: 'branch', base, head, what });
    expect(found).toEqual({ unknown: `${base.slice(0, 7)} and ${head.slice(0, 7)} have no history in common` });
    expect(full).toEqual(found);
  });
});
