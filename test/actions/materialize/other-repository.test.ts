import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { errorsOf } from '../bump-ops-overlay/support.js';
import { clusterRepository, definition, type MaterializeRun, manifest, manifestsOn, materialize } from './support.js';

let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

const states = ({ environments }: MaterializeRun) =>
  environments.map(({ environment, state }) => `${environment}: ${state}`);
const ALL = { environments: '' };

/**
 * A definition whose environments live as the policy says, and the repository of manifests.
 *
 * @param places of environments by name, in which `{live}` is the other repository
 */
async function worldOf(places: Record<string, string>, files = definition('a')) {
  const repository = await clusterRepository(stage, files);
  const live = await stage.github.createRepository(`${repository.name}-live`, { files: { 'README.md': 'Live.\n' } });
  const lines = Object.entries(places).map(([name, place]) => `  ${name}: { ${place.replace('{live}', live.name)} }\n`);
  await repository.commit(
    'main',
    { 'ostack.yaml': `environments:\n${lines.join('')}` },
    'chore: where environments live',
  );
  return { repository, live };
}

const HERE = 'branch: env/{name}';
const THERE = 'branch: env/{name}, repository: "{live}"';
const DEFAULT = 'repository: "{live}"';
const placesOf = (places: Record<string, string>) =>
  Object.fromEntries(Object.entries(places).map(([name, place]) => [name, place.replace('{name}', name)]));

test.each<[string, Record<string, string>, Record<string, string[]>]>([
  [
    'its branch',
    { stage: HERE, prod: THERE },
    { 'here env/stage': ['configmap-a.yaml'], 'live env/prod': ['configmap-a.yaml'] },
  ],
  [
    'its default branch',
    { stage: HERE, prod: DEFAULT },
    { 'here env/stage': ['configmap-a.yaml'], 'live main': ['configmap-a.yaml'] },
  ],
  [
    'folders of its default branch, where several live there',
    { stage: DEFAULT, prod: DEFAULT },
    { 'live main': ['prod/configmap-a.yaml', 'stage/configmap-a.yaml'] },
  ],
])('an environment that lives in another repository is written to %s', async (_where, places, expected) => {
  const { repository, live } = await worldOf(placesOf(places));
  const first = await materialize(stage, repository, ALL);
  expect([first.exitCode, states(first)]).toEqual([0, ['stage: written', 'prod: written']]);
  for (const [place, paths] of Object.entries(expected)) {
    const [which, branch = ''] = place.split(' ');
    expect([place, await manifestsOn(which === 'here' ? repository : live, branch)]).toEqual([place, paths]);
  }
  expect(await live.read('main', 'README.md')).toBe('Live.\n');
  const refs = [await repository.refs(), await live.refs()];
  expect(states(await materialize(stage, repository, ALL))).toEqual(['stage: unchanged', 'prod: unchanged']);
  expect([await repository.refs(), await live.refs()]).toEqual(refs);
});

test('a default branch with manifests of people is never written', async () => {
  const { repository, live } = await worldOf(placesOf({ stage: HERE, prod: DEFAULT }));
  await live.commit('main', { 'apps/mine.yaml': manifest('mine') }, 'feat: mine');
  const { exitCode, stdout } = await materialize(stage, repository, ALL);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('apps/mine.yaml was not materialized')]);
});

test('a pull request proposes it there, and is closed where nothing is left', async () => {
  const { repository, live } = await worldOf(placesOf({ prod: DEFAULT }));
  await materialize(stage, repository, ALL);
  await repository.commit('main', { 'hld/b.yaml': manifest('b') }, 'feat: b');
  const proposed = await materialize(stage, repository, { ...ALL, mode: 'pull-request' });
  expect(states(proposed)).toEqual(['prod: proposed']);
  expect(proposed.environments[0]?.pullRequest).toContain(`${live.name}/pull/1`);
  expect(await manifestsOn(live, 'ostack/materialize/main')).toEqual(['configmap-a.yaml', 'configmap-b.yaml']);
  await repository.commit('main', { 'hld/b.yaml': null }, 'revert: b');
  await materialize(stage, repository, { ...ALL, mode: 'pull-request' });
  const branches = Object.keys(await live.refs()).filter((ref) => ref.startsWith('refs/heads/'));
  expect(branches).toEqual(['refs/heads/main']);
});

const tokenFor = (...repositories: LocalRepository[]) =>
  stage.github.issueToken({
    ...{ actor: 'octocat', repositories: repositories.map(({ name }) => name), permissions: { contents: 'write' } },
  });

test.each<[string, string]>([
  ['a branch there', THERE],
  ['its default branch', DEFAULT],
])('a repository that cannot be reached is an error with what to do, for %s', async (_what, place) => {
  const { repository, live } = await worldOf(placesOf({ prod: place, stage: HERE }));
  const token = tokenFor(repository);
  const run = await materialize(stage, repository, { ...ALL, token });
  expect(errorsOf(run)).toMatch(
    new RegExp(
      `in ${live.name}: GitHub answered .*Either ${live.name} does not exist, or the token has no access to it`,
    ),
  );
  // What has a branch of its own is written: it comes after the one that failed.
  const isRead = place === THERE;
  expect((await repository.refs())['refs/heads/env/stage'] !== undefined).toBe(isRead);
});

test('what cannot be written on one branch keeps no other from being written, and all of it is told', async () => {
  const { repository, live } = await worldOf(placesOf({ dev: HERE, stage: THERE, prod: THERE }));
  await live.commit('env/stage', { 'mine.yaml': manifest('mine') }, 'feat: mine');
  await repository.commit('env/dev', { 'ours.yaml': manifest('ours') }, 'feat: ours');
  const run = await materialize(stage, repository, ALL);
  expect(errorsOf(run).split('\n')).toEqual([
    expect.stringMatching(/^The branch env\/dev of .*: hld\/a\.yaml and 2 more was not materialized/),
    expect.stringMatching(/^The branch env\/stage of .*-live: mine\.yaml was not materialized/),
  ]);
  expect(await manifestsOn(live, 'env/prod')).toEqual(['configmap-a.yaml']);
});

test('two runs at once, over several branches and repositories, end in one result: the later commit', async () => {
  const { repository, live } = await worldOf(placesOf({ dev: HERE, stage: THERE, prod: DEFAULT }));
  await materialize(stage, repository, ALL);
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'middle') }, 'feat: middle');
  const [middle] = await repository.log('main');
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'last') }, 'feat: last');
  const runs = await Promise.all(
    [middle?.sha ?? '', 'main', 'main', middle?.sha ?? ''].map((at) => materialize(stage, repository, ALL, { at })),
  );
  expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  for (const [where, branch] of [
    [repository, 'env/dev'],
    [live, 'env/stage'],
    [live, 'main'],
  ] as const) {
    expect(await where.read(branch, 'configmap-a.yaml')).toBe(manifest('a', 'last'));
    const messages = (await where.log(branch)).map(({ message }) => message);
    expect(messages).toEqual([...new Set(messages)]);
  }
});
