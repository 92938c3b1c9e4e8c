import { expect, test } from '@jest/globals';
import { checkedOut } from '../../src/materialize/branch/checked-out.js';
import { openGitRepository } from '../support/git-repository.js';
import { Folder } from './support.js';

const FILES = { 'hld/a.yaml': 'a\n', 'values/prod.yaml': 'b\n', '.gitignore': 'charts/\n' };

test('the commit that is checked out is told, whatever git is told to leave out and whatever lies elsewhere', async () => {
  await using repository = await openGitRepository(FILES);
  await repository.write({ 'hld/charts/redis.tgz': 'fetched', 'tools/helm': 'a program' });
  const commit = await repository.git('rev-parse', 'HEAD');
  expect(await checkedOut(repository.root, ['hld', 'values/prod.yaml'])).toEqual({ commit, branch: 'main' });
  await repository.git('checkout', '--quiet', commit);
  expect(await checkedOut(repository.root, ['hld'])).toEqual({ commit, branch: '' });
});

test.each([
  ['a changed file of the source', { 'hld/a.yaml': 'edited\n' }, ['hld'], 'hld/a.yaml differs'],
  ['a changed file elsewhere', { 'values/prod.yaml': 'edited\n' }, ['hld'], 'values/prod.yaml differs'],
  ['a new file in the source', { 'hld/b.yaml': 'new\n' }, ['hld'], 'hld/b.yaml differs'],
  ['a new file where the root is the source', { 'b.yaml': 'new\n' }, [''], 'b.yaml differs'],
  ['a file whose name git would quote', { 'hld/ü "x".yaml': 'new\n' }, ['hld'], 'hld/ü "x".yaml differs'],
  [
    'very many',
    Object.fromEntries('abcdefg'.split('').map((name) => [`hld/n${name}`, ''])),
    ['hld'],
    'and 2 more differs',
  ],
])('%s is in no history, so it is refused', async (_what, files, folders, message) => {
  await using repository = await openGitRepository(FILES);
  await repository.write(files);
  await expect(checkedOut(repository.root, folders)).rejects.toThrow(message);
});

test('a folder without git says what to do', async () => {
  await using folder = await Folder.of({ x: '' });
  await expect(checkedOut(folder.checkout.root, [''])).rejects.toThrow('run actions/checkout before this step');
});
