import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { readCommits } from '../../src/release/git/read-commits.js';
import { readHead, readHistory } from '../../src/release/git/read-history.js';
import { parseTags, readTags } from '../../src/release/git/read-tags.js';
import type { AppTag } from '../../src/release/tags.js';
import { openFolder, tempRepository } from './support/temp-repository.js';

const run = promisify(execFile);

describe('reading commits', () => {
  test('messages and paths arrive as they are, however they look', async () => {
    await using repository = await tempRepository();
    const message = 'feat: a\n\n:100644 100644 abc def M\n\x01 \u2028 "quoted" $(touch x) `y`';
    const paths = { 'a b/ü\n:1 "x".txt': '1', ':100644': '2', [`${'0'.repeat(40)}`]: '3', '-rf': '4' };
    const sha = await repository.commit(message, paths);
    const [commit] = await readCommits(openFolder(repository.folder), [sha]);
    expect(commit).toEqual({
      sha,
      parents: [],
      author: 'Ada',
      message: `${message}\n`,
      paths: expect.arrayContaining(Object.keys(paths)),
    });
    expect(commit?.paths).toHaveLength(4);
  });

  test('a rename has both paths, a merge what it brought, an empty commit none', async () => {
    await using repository = await tempRepository();
    await repository.commit('one', { a: 'the same content\n', base: '' });
    await repository.git('checkout', '--quiet', '-b', 'branch');
    await repository.git('mv', 'a', 'b');
    const renamed = await repository.commit('two');
    await repository.git('checkout', '--quiet', 'main');
    const other = await repository.commit('', { c: '' });
    const merge = await repository.merge('branch', 'merge');
    const empty = await repository.commit('empty');
    const commits = await readCommits(openFolder(repository.folder), [empty, merge, other, renamed]);
    expect(commits.map(({ message, parents, paths }) => [message.trim(), parents.length, paths])).toEqual([
      ['empty', 1, []],
      ['merge', 2, ['a', 'b']],
      ['', 1, ['c']],
      ['two', 1, ['a', 'b']],
    ]);
  });

  test('what a merge changed itself is told apart from what it brought', async () => {
    await using repository = await tempRepository();
    await repository.commit('one', { a: '1\n2\n3\n4\n5\n', b: '', c: '' });
    await repository.git('checkout', '--quiet', '-b', 'branch');
    await repository.commit('two', { a: '1\n2\n3\n4\nfive\n', b: '2' });
    await repository.git('checkout', '--quiet', 'main');
    await repository.commit('three', { a: 'one\n2\n3\n4\n5\n' });
    await repository.git('merge', '--quiet', '--no-ff', '--no-commit', 'branch');
    const evil = await repository.commit('evil', { [`${'0'.repeat(40)}`]: '', ':e\nvil': '', c: 'evil' });
    await repository.git('checkout', '--quiet', '-b', 'other', 'HEAD~1');
    await repository.commit('four', { d: '' });
    await repository.git('checkout', '--quiet', 'main');
    const clean = await repository.merge('other', 'clean');
    const commits = await readCommits(openFolder(repository.folder), [clean, evil]);
    expect(commits.map(({ own }) => own)).toEqual([undefined, [`${'0'.repeat(40)}`, ':e\nvil', 'a', 'c']]);
  });

  test('settings of the repository and its owner change nothing', async () => {
    await using repository = await tempRepository();
    const sha = await repository.commit('feat: ü', { 'dir/a': '' });
    for (const [key, value] of [
      ['log.showSignature', 'true'],
      ['diff.renames', 'copies'],
      ['color.ui', 'always'],
      ['i18n.logOutputEncoding', 'latin1'],
      ['format.pretty', 'oneline'],
      ['log.showRoot', 'false'],
      ['core.quotePath', 'true'],
      ['log.decorate', 'full'],
      ['diff.relative', 'true'],
    ]) {
      await repository.git('config', key ?? '', value ?? '');
    }
    const commits = await readCommits(openFolder(join(repository.folder, 'dir')), [sha]);
    expect(commits).toMatchObject([{ sha, message: expect.stringMatching(/^feat: ü\n?$/), paths: ['dir/a'] }]);
  });
});

describe('reading tags', () => {
  test('annotated tags give their commit, and nothing else is taken for a tag', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40));
    expect(
      parseTags(`${a}\trefs/tags/v1\n${b}\trefs/tags/v1^{}\n${c}\trefs/tags/x/v2\n${c}\trefs/heads/main\nnoise\n`),
    ).toEqual([
      { name: 'v1', commit: b },
      { name: 'x/v2', commit: c },
    ]);
  });

  test('more than a hundred tags are all seen', async () => {
    await using server = await tempRepository();
    const sha = await server.commit('one');
    const refs = Array.from({ length: 250 }, (_none, number) => `create refs/tags/v1.0.${number} ${sha}\n`).join('');
    const update = run('git', ['update-ref', '--stdin'], { cwd: server.folder });
    update.child.stdin?.end(refs);
    await update;
    expect(await readTags(openFolder(server.folder, server.folder))).toHaveLength(250);
  });

  test('a server that refuses is an error that says what is needed', async () => {
    await using repository = await tempRepository();
    await expect(readTags(openFolder(repository.folder, '/nowhere/acme'))).rejects.toThrow(
      /^Could not list the tags of acme at file:\/\/\/nowhere\/acme: .*The token needs "contents: read" for this repository/,
    );
  });
});

describe('the checked-out commit', () => {
  test('a repository without commits says so', async () => {
    await using repository = await tempRepository();
    await expect(readHead(openFolder(repository.folder))).rejects.toThrow(
      'There is nothing to release: the checked-out branch has no commit yet. Push a first commit and run this again.',
    );
  });

  test('a folder without git says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-none-'));
    try {
      await expect(readHead(openFolder(folder))).rejects.toThrow(
        /^There is no git checkout here: .*Run actions\/checkout/,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('history of a clone', () => {
  const tag = (name: string, commit: string): AppTag => ({ name, version: '1.0.0', commit });

  /** A server with `count` commits on main, and a clone of it. */
  async function cloned(count: number, ...args: string[]) {
    const server = await tempRepository();
    const shas = await server.commits(count, (number) => `fix: ${number}`);
    const folder = await mkdtemp(join(tmpdir(), 'ostack-clone-'));
    const git = openFolder(folder, server.folder);
    return {
      server,
      shas,
      folder,
      git,
      clone: () => run('git', ['clone', '--quiet', '--no-tags', ...args, `file://${server.folder}`, folder]),
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await rm(folder, { recursive: true, force: true });
      },
    };
  }

  test('a shallow clone is deepened until the last release is in it, and no further', async () => {
    await using setting = await cloned(120, '--depth=1');
    const { server, shas, git } = setting;
    const base = shas[40] ?? '';
    await server.git('tag', 'v1', base);
    await setting.clone();
    const head = await readHead(git);
    const history = await readHistory(git, { head, releases: [[tag('v1', base)]], firstDepth: 0 });
    expect(history.span(head, base)).toMatchObject({ connected: true, complete: true });
    expect(history.span(head, base).commits).toHaveLength(79);
    expect(history.whole).toBe(true);
  });

  test('deepening stops where it is enough', async () => {
    await using setting = await cloned(120, '--depth=1');
    const base = setting.shas[100] ?? '';
    await setting.server.git('tag', 'v1', base);
    await setting.clone();
    const head = await readHead(setting.git);
    const history = await readHistory(setting.git, { head, releases: [[tag('v1', base)]], firstDepth: 0 });
    expect(history.span(head, base).commits).toHaveLength(19);
    expect(history.size).toBeLessThan(120);
  });

  test('a branch that began before the release is read to its beginning', async () => {
    await using setting = await cloned(2, '--depth=1');
    const { server } = setting;
    await server.git('checkout', '--quiet', '-b', 'long');
    await server.commits(70, (number) => `fix: long ${number}`);
    await server.git('checkout', '--quiet', 'main');
    const base = await server.commit('fix: base', { base: '1' });
    await server.git('tag', 'v1', base);
    await server.merge('long', 'Merge pull request #1 from acme/long');
    await setting.clone();
    const head = await readHead(setting.git);
    const history = await readHistory(setting.git, { head, releases: [[tag('v1', base)]], firstDepth: 0 });
    expect(history.span(head, base).commits).toHaveLength(71);
  });

  test.each([['--depth=1'], ['--no-local']])(
    'a release made after the checkout is seen to come after it (%s)',
    async (option) => {
      await using setting = await cloned(3, option);
      await setting.clone();
      const head = await readHead(setting.git);
      const later = await setting.server.commit('feat: later');
      await setting.server.git('tag', '-a', '-m', 'x', 'v2', later);
      const history = await readHistory(setting.git, { head, releases: [[tag('v2', later)]], firstDepth: 0 });
      expect(history.span(later, head)).toMatchObject({ connected: true });
      expect(history.span(head, later)).toMatchObject({ connected: false });
    },
  );

  test.each([['--depth=1'], ['--no-local']])('a release on another branch is told from both (%s)', async (option) => {
    await using setting = await cloned(3, option);
    await setting.server.git('checkout', '--quiet', '-b', 'other', 'HEAD~1');
    const other = await setting.server.commit('fix: other');
    await setting.server.git('tag', 'v9', other);
    await setting.server.git('checkout', '--quiet', 'main');
    await setting.clone();
    const head = await readHead(setting.git);
    const history = await readHistory(setting.git, { head, releases: [[tag('v9', other)]], firstDepth: 0 });
    expect(history.span(other, head).connected).toBe(false);
    expect(history.span(head, other).connected).toBe(false);
  });

  test('a first release has some history to tell of', async () => {
    await using setting = await cloned(5, '--depth=1');
    await setting.clone();
    const head = await readHead(setting.git);
    expect((await readHistory(setting.git, { head, releases: [], firstDepth: 50 })).size).toBe(1);
    expect((await readHistory(setting.git, { head, releases: [[]], firstDepth: 50 })).size).toBe(5);
  });

  test('a server that does not give more says which fetch-depth is needed', async () => {
    await using setting = await cloned(3, '--depth=1');
    await setting.server.git('tag', 'v1', setting.shas[0] ?? '');
    await setting.clone();
    const git = openFolder(setting.folder, '/nowhere/acme');
    const head = await readHead(git);
    await expect(
      readHistory(git, { head, releases: [[tag('v1', setting.shas[0] ?? '')]], firstDepth: 0 }),
    ).rejects.toThrow(
      /^Could not fetch the history up to the last release \(v1\) from file:\/\/\/nowhere\/acme: .*Use "fetch-depth: 0" with actions\/checkout/,
    );
  });
});
