import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from '../../src/github/client.js';
import type { Connected } from '../../src/github/connected.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { commitOrder } from '../../src/materialize/branch/commit-order.js';
import { hasNewerDefinition } from '../../src/materialize/branch/newer-definition.js';
import { type BranchOptions, writeBranch } from '../../src/materialize/branch/write-branch.js';

let stage: Stage;
let repository: LocalRepository;
let source: Connected;
/** Commits of the definition, oldest first; `side` begins at the first. */
let [first, second, third, side] = ['', '', '', ''];

beforeAll(async () => {
  stage = await startStage();
  repository = await stage.github.createRepository('acme/cluster', { files: { 'hld/a.yaml': 'a' } });
  const { apiUrl, graphqlUrl, token } = stage;
  source = { github: connect({ token, apiUrl, graphqlUrl }), repository: { owner: 'acme', name: 'cluster' } };
  first = (await repository.log('main'))[0]?.sha ?? '';
  side = await repository.commit('side', { 'hld/s.yaml': 's' }, 'feat: s');
  second = await repository.commit('main', { 'hld/b.yaml': 'b' }, 'feat: b');
  third = await repository.commit('main', { 'docs/c.md': 'c' }, 'docs: c');
});

afterAll(() => stage.close());

test('commits are compared by what they contain', async () => {
  const gone = 'f'.repeat(40);
  const pairs = [
    [first, first],
    [first, third],
    [third, first],
    [side, third],
    [gone, third],
  ];
  const orders = await Promise.all(pairs.map(([theirs = '', ours = '']) => commitOrder(source, theirs, ours)));
  expect(orders).toEqual(['same', 'newer', 'older', 'apart', 'apart']);
});

test('a branch has a newer definition where a later commit of it changes what is rendered', async () => {
  const asked: [commit: string, branch: string, paths: string[]][] = [
    [first, 'main', ['hld']],
    [first, 'main', ['hl', 'hld/b.yam']],
    [second, 'main', ['hld']],
    [second, 'main', ['']],
    [third, 'main', ['']],
    [side, 'main', ['']],
    [third, 'side', ['']],
  ];
  const found = await Promise.all(asked.map((each) => hasNewerDefinition(source, ...each)));
  expect(found).toEqual([true, false, false, true, false, false, false]);
});

/** Writes a text to a branch, as a run at a commit does. */
async function written(branch: string, commit: string, text: string, more: Partial<BranchOptions> = {}) {
  const target = {
    ...{ repository: source.repository, branch, isOfPolicy: false },
    environments: [{ environment: 'prod', folder: '' }],
  };
  const options: BranchOptions = {
    ...{ to: source, source, commit, mode: 'commit', edits: 'restore', force: false, dryRun: false },
    ...{ hasNewer: async () => false, tools: { helm: 'v4.0.1' }, runUrl: '' },
    ...more,
  };
  const { state } = await writeBranch(target, new Map([['prod', { files: new Map([['a.yaml', text]]) }]]), options);
  return [state, await repository.read(branch, 'a.yaml')];
}

test('an older commit and one that is apart never write over another one, but for once where somebody says so', async () => {
  expect(await written('env/a', second, '2')).toEqual(['written', '2']);
  expect((await repository.log('env/a'))[0]?.message).toContain('\nOstack-Tool: helm v4.0.1');
  expect(await written('env/a', first, '1')).toEqual(['overtaken', '2']);
  expect(await written('env/a', second, '2')).toEqual(['unchanged', '2']);
  await expect(written('env/a', side, 's')).rejects.toThrow('Expected a commit that contains it');
  expect(await written('env/a', third, '3')).toEqual(['written', '3']);
  expect(await written('env/a', first, '1', { force: true })).toEqual(['written', '1']);
});

test('what a newer commit has a run for is left to it', async () => {
  expect(await written('env/b', first, '1')).toEqual(['written', '1']);
  expect(await written('env/b', second, '2', { hasNewer: async () => true })).toEqual(['overtaken', '1']);
});

test('a branch that moves meanwhile is read again, and nothing is lost', async () => {
  const mine = written('env/c', second, '2');
  await Promise.all([mine, written('env/c', third, '3'), written('env/c', first, '1')]);
  expect(await repository.read('env/c', 'a.yaml')).toBe('3');
});
