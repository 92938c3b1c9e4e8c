import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stage, startStage } from '../../../src/local/stage.js';
import { git } from '../../support/git.js';
import { clusterRepository, definition, manifest, manifestsOn, materialize } from './support.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

const repositoryOf = (files: Record<string, string>) => clusterRepository(stage, files);

const states = ({ environments }: { environments: { state?: string }[] }) => environments.map(({ state }) => state);

test('a branch of each environment gets one commit, signed by GitHub, with its source in its trailers', async () => {
  const repository = await repositoryOf(definition('a', 'b'));
  const first = await materialize(stage, repository, { environments: 'stage, prod' });
  expect([first.exitCode, first.stdout]).toEqual([0, expect.anything()]);
  expect(states(first)).toEqual(['written', 'written']);
  expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-a.yaml', 'configmap-b.yaml']);
  expect(await repository.read('env/prod', 'configmap-a.yaml')).toBe(manifest('a'));
  const [commit, ...before] = await repository.log('env/prod');
  const [dry] = await repository.log('main');
  expect(before).toEqual([]);
  expect(commit?.message).toBe(
    `materialize(prod): ${repository.name}@${dry?.sha.slice(0, 7)}\n\nObjects: 2 added.\n\nOstack-Action: materialize\n` +
      `Ostack-Environment: prod\nOstack-Source: ${repository.name}@${dry?.sha}\nOstack-Run: ${stage.serverUrl}/${repository.name}/actions/runs/7`,
  );
  expect(commit?.committer.name).toBe('GitHub');

  const refs = await repository.refs();
  const second = await materialize(stage, repository, { environments: 'stage, prod' });
  expect([second.exitCode, second.outputs.changed, states(second)]).toEqual([0, 'false', ['unchanged', 'unchanged']]);
  expect(await repository.refs()).toEqual(refs);
  expect(second.requests.filter(({ method, operation }) => method !== 'GET' && !operation?.startsWith('Read'))).toEqual(
    [],
  );
});

test('what leaves the definition leaves the branch, and a README of people stays', async () => {
  const repository = await repositoryOf(definition('a', 'b'));
  await materialize(stage, repository);
  await repository.commit('env/prod', { 'README.md': 'Ours.\n' }, 'docs: what this is');
  await repository.commit('main', { 'hld/b.yaml': null, 'hld/c.yaml': manifest('c') }, 'feat: c for b');
  const { environments } = await materialize(stage, repository);
  expect(environments).toMatchObject([
    { state: 'written', added: ['configmap-c.yaml'], removed: ['configmap-b.yaml'], edited: [] },
  ]);
  expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-a.yaml', 'configmap-c.yaml']);
  expect(await repository.read('env/prod', 'README.md')).toBe('Ours.\n');
});

test('a folder that becomes a submodule, which no step checks out, takes nothing off the branch', async () => {
  const repository = await repositoryOf({ ...definition('a'), 'hld/team/b.yaml': manifest('b') });
  await materialize(stage, repository);
  const [head] = await repository.log('main');
  const dry = (...args: string[]) => git(repository.gitDir, args, { env: { GIT_INDEX_FILE: 'submodule-index' } });
  await dry('read-tree', 'main');
  await dry('rm', '--quiet', '--cached', '-r', 'hld/team');
  await dry('update-index', '--add', '--cacheinfo', `160000,${head?.sha},hld/team`);
  const tree = await dry('write-tree');
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test'];
  const moved = await dry(...identity, 'commit-tree', tree, '-p', 'main', '-m', 'refactor: team has a repository');
  await git(repository.gitDir, ['update-ref', 'refs/heads/main', moved]);
  const refs = await repository.refs();
  const { exitCode, stdout } = await materialize(stage, repository);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('hld/team is a submodule that is not checked out')]);
  expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-a.yaml', 'configmap-b.yaml']);
  expect(await repository.refs()).toEqual(refs);
});

test('an environment goes to the branch that ostack.yaml says, unless something else is on it', async () => {
  const policy = (branch: string) => ({ 'ostack.yaml': `environments:\n  prod: { branch: ${branch} }\n` });
  const repository = await repositoryOf({ ...definition('a'), ...policy('live/prod') });
  expect(states(await materialize(stage, repository, { edits: 'keep' }))).toEqual(['written']);
  expect(await manifestsOn(repository, 'live/prod')).toEqual(['configmap-a.yaml']);

  await repository.commit('dev', { 'hld/x.yaml': manifest('x') }, 'feat: its own definition');
  await repository.commit('main', policy('dev'), 'chore: where prod lives');
  const refs = await repository.refs();
  const refused = await materialize(stage, repository, { edits: 'keep' });
  expect([refused.exitCode, refused.stdout]).toEqual([
    1,
    expect.stringContaining('Expected a folder of its own: move it away, or name another "branch"'),
  ]);
  expect(await repository.refs()).toEqual(refs);
  // An app's repository has another file of that name.
  await repository.commit('main', { 'ostack.yaml': 'workspace: growth\n' }, 'chore: a repository of apps');
  expect(states(await materialize(stage, repository))).toEqual(['written']);
  expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-a.yaml']);
});

test('what people edit, add or take away is told with its author and put right', async () => {
  const repository = await repositoryOf(definition('a', 'b'));
  await materialize(stage, repository);
  const edits = {
    'configmap-a.yaml': manifest('a', 'edited'),
    'configmap-b.yaml': null,
    'extra/role.yaml': manifest('extra'),
  };
  await repository.commit('env/prod', edits, 'fix: by hand', { name: 'Mallory', email: 'm@acme.dev' });
  const { environments, summary, exitCode } = await materialize(stage, repository);
  const [commit, edit] = await repository.log('env/prod');
  const by = `it by hand in ${edit?.sha.slice(0, 7)}, and it is put right.`;
  const told = [`configmap-a.yaml: Mallory edited ${by}`, `configmap-b.yaml: Mallory took away ${by}`];
  expect([exitCode, environments[0]?.notes]).toEqual([0, [...told, `extra/role.yaml: Mallory added ${by}`]]);
  expect(commit?.message).toContain(told.join('\n'));
  expect(summary).toContain('Mallory edited it by hand');
  expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-a.yaml', 'configmap-b.yaml']);
  expect(await repository.read('env/prod', 'configmap-a.yaml')).toBe(manifest('a'));
});

test('what people did stays where that is wanted, until the object is defined no more', async () => {
  const repository = await repositoryOf(definition('a', 'b'));
  await materialize(stage, repository);
  const edits = { 'configmap-a.yaml': manifest('a', 'edited'), 'extra.yaml': manifest('extra') };
  await repository.commit('env/prod', edits, 'fix: by hand', { name: 'Ada', email: 'ada@acme.dev' });
  const kept = await materialize(stage, repository, { edits: 'keep' });
  expect(kept.environments[0]).toMatchObject({
    state: 'unchanged',
    notes: [expect.stringContaining('kept'), expect.stringContaining('kept')],
  });

  await repository.commit(
    'main',
    { 'hld/a.yaml': manifest('a', 'new'), 'hld/b.yaml': manifest('b', 'new') },
    'feat: new',
  );
  await materialize(stage, repository, { edits: 'keep' });
  expect(await repository.read('env/prod', 'configmap-a.yaml')).toBe(manifest('a', 'edited'));
  expect(await repository.read('env/prod', 'configmap-b.yaml')).toBe(manifest('b', 'new'));

  await repository.commit('main', { 'hld/a.yaml': null }, 'feat: no a');
  await materialize(stage, repository, { edits: 'keep' });
  expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-b.yaml', 'extra.yaml']);
});

test('a run at an older commit never writes over a newer one, by ancestry', async () => {
  const repository = await repositoryOf(definition('a'));
  const [old] = await repository.log('main');
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'new') }, 'feat: new');
  await materialize(stage, repository);
  const refs = await repository.refs();
  const late = await materialize(stage, repository, {}, { at: old?.sha ?? '' });
  expect([late.exitCode, states(late)]).toEqual([0, ['overtaken']]);
  expect(late.environments[0]?.notes).toEqual([
    expect.stringMatching(/^env\/prod has what .* which is newer than .*: it stays\.$/),
  ]);
  expect(await repository.refs()).toEqual(refs);

  const back = await materialize(stage, repository, { force: 'true' }, { at: old?.sha ?? '' });
  expect(states(back)).toEqual(['written']);
});

test('a late run leaves it to a newer commit, also where that one had nothing to write', async () => {
  const repository = await repositoryOf(definition('a'));
  await materialize(stage, repository);
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'wrong') }, 'feat: wrong');
  const [wrong] = await repository.log('main');
  await repository.commit('main', { 'hld/a.yaml': manifest('a') }, 'revert: wrong');
  expect(states(await materialize(stage, repository))).toEqual(['unchanged']);
  const late = await materialize(stage, repository, {}, { at: wrong?.sha ?? '' });
  expect([late.exitCode, states(late)]).toEqual([0, ['overtaken']]);
  expect(late.environments[0]?.notes[0]).toContain('is left to the run of a newer commit');

  await repository.commit('main', { 'hld/b.yaml': manifest('b') }, 'feat: b');
  const [newest] = await repository.log('main');
  await repository.commit('main', { 'README.md': 'Other.\n' }, 'docs: other');
  expect(states(await materialize(stage, repository, {}, { at: newest?.sha ?? '' }))).toEqual(['written']);
});

test('a thousand objects are one commit, in as many requests as one object', async () => {
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  const all = names.map((name) => manifest(name)).join('---\n');
  const [few, many] = [await repositoryOf(definition('a')), await repositoryOf({ 'hld/all.yaml': all })];
  const [one, thousand] = [await materialize(stage, few), await materialize(stage, many)];
  expect([thousand.exitCode, thousand.environments[0]?.objects]).toEqual([0, 1000]);
  expect(await many.log('env/prod')).toHaveLength(1);
  expect(thousand.requests.map(({ method, operation }) => operation ?? method)).toEqual(
    one.requests.map(({ method, operation }) => operation ?? method),
  );
});

test('a commit that does not contain the last one is refused, until somebody says so', async () => {
  const repository = await repositoryOf(definition('a'));
  const [begin] = await repository.log('main');
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'new') }, 'feat: new');
  await materialize(stage, repository);
  await repository.setRef('refs/heads/main', begin?.sha ?? '');
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'other') }, 'feat: other');
  const refused = await materialize(stage, repository);
  expect([refused.exitCode, refused.stdout]).toEqual([
    1,
    expect.stringContaining('Expected a commit that contains it'),
  ]);
  const forced = await materialize(stage, repository, { force: 'true' });
  expect(states(forced)).toEqual(['written']);
});

test('two runs at once end in one result: the later commit', async () => {
  const repository = await repositoryOf(definition('a'));
  await materialize(stage, repository);
  const [old] = await repository.log('main');
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'middle') }, 'feat: middle');
  const [middle] = await repository.log('main');
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'last') }, 'feat: last');
  const runs = await Promise.all(
    [middle?.sha ?? '', 'main', 'main', old?.sha ?? ''].map((at) => materialize(stage, repository, {}, { at })),
  );
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  expect(await repository.read('env/prod', 'configmap-a.yaml')).toBe(manifest('a', 'last'));
  const messages = (await repository.log('env/prod')).map(({ message }) => message.split('\n')[0]);
  expect(messages).toEqual([...new Set(messages)]);
});

test('a branch that is somebody else’s is never written', async () => {
  const repository = await repositoryOf({ ...definition('a'), 'other.yaml': manifest('other') });
  await repository.commit('env/prod', { 'mine.yaml': manifest('mine') }, 'feat: mine');
  const refs = await repository.refs();
  const { exitCode, stdout } = await materialize(stage, repository);
  expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/\.yaml and \d more was not materialized/)]);
  expect(await repository.refs()).toEqual(refs);
});

test('a folder of a branch is written, and all else on it stays', async () => {
  const repository = await repositoryOf(definition('a'));
  await repository.commit('deploy', { 'clusters/mine.yaml': manifest('mine') }, 'feat: mine');
  const inputs = { environments: 'stage, prod', branch: 'deploy', folder: 'clusters/{environment}' };
  const { environments } = await materialize(stage, repository, inputs);
  expect(new Set(environments.map(({ commit }) => commit)).size).toBe(1);
  expect(await manifestsOn(repository, 'deploy')).toEqual([
    'clusters/mine.yaml',
    'clusters/prod/configmap-a.yaml',
    'clusters/stage/configmap-a.yaml',
    'hld/a.yaml',
  ]);
});

test('another repository is written with its own token, and only read with it', async () => {
  const repository = await repositoryOf(definition('a'));
  const name = `${repository.name}-live`;
  const live = await stage.github.createRepository(name, { files: { 'README.md': 'Live.\n' } });
  const token = stage.github.issueToken({ actor: 'octocat', repositories: [name], permissions: { contents: 'write' } });
  const { exitCode } = await materialize(stage, repository, { repository: name, branch: '{environment}', token });
  expect([exitCode, await manifestsOn(live, 'prod')]).toEqual([0, ['configmap-a.yaml']]);
  expect((await live.log('prod'))[0]?.message).toContain(`Ostack-Source: ${repository.name}@`);
});

test.each([
  ['that cannot be read', { 'hld/a.yaml': 'kind: {' }, 'hld/a.yaml'],
  ['that is gone', { 'hld/a.yaml': null }, 'There is no folder hld'],
  ['of nothing', { 'hld/a.yaml': '# nothing\n' }, 'comes to no object for prod'],
])('a source %s empties no branch', async (_what, files, message) => {
  const repository = await repositoryOf(definition('a'));
  await materialize(stage, repository);
  await repository.commit('main', files, 'feat: broken');
  const refs = await repository.refs();
  const { exitCode, stdout } = await materialize(stage, repository);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining(message)]);
  expect(await repository.refs()).toEqual(refs);
});

test('a dry run says what would change, and writes nothing', async () => {
  const repository = await repositoryOf(definition('a'));
  const refs = await repository.refs();
  const run = await materialize(
    stage,
    repository,
    { 'dry-run': 'true' },
    { env: { GITHUB_EVENT_NAME: 'pull_request' } },
  );
  expect([run.exitCode, run.outputs.changed]).toEqual([0, 'true']);
  expect(await repository.refs()).toEqual(refs);
});

test.each([
  [
    'a pull request',
    {},
    { env: { GITHUB_EVENT_NAME: 'pull_request' } },
    'is of a pull request, which is not merged yet',
  ],
  ['the definition’s own branch', { branch: 'main' }, {}, 'where the definition itself is'],
  ['no branch', { branch: 'env/../{environment}' }, {}, 'expected the name of a branch'],
  ['one place for two', { environments: 'a, b', branch: 'x', folder: 'y' }, {}, 'would be written into the folder of'],
  ['a folder outside', { folder: '../x' }, {}, 'leads out of the branch'],
  ['a folder and a branch', { output: 'out', branch: 'x' }, {}, 'Inputs "output" and "branch" are given'],
])('refuses %s', async (_what, inputs, at, message) => {
  const repository = await repositoryOf(definition('a'));
  const { exitCode, stdout } = await materialize(stage, repository, inputs, at);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining(message)]);
});
