import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { errorsOf } from '../bump-ops-overlay/support.js';
import { clusterRepository, definition, manifest, manifestsOn, materialize } from './support.js';

let stage: Stage;
const HEAD = 'ostack/materialize/env/prod';
const PULLS = { mode: 'pull-request' };

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

const repositoryOf = (files: Record<string, string>) => clusterRepository(stage, files);

const pullsSchema = v.array(
  v.object({
    ...{ number: v.number(), state: v.string(), title: v.string(), body: v.nullable(v.string()) },
    base: v.object({ ref: v.string() }),
    head: v.object({ ref: v.string() }),
    auto_merge: v.nullable(v.looseObject({})),
  }),
);

async function pulls({ name }: LocalRepository) {
  const response = await fetch(`${stage.apiUrl}/repos/${name}/pulls?state=all`, {
    headers: { authorization: `Bearer ${stage.token}` },
  });
  return v.parse(pullsSchema, await response.json()).sort((one, other) => one.number - other.number);
}

async function merge({ name }: LocalRepository, number: number): Promise<void> {
  const response = await fetch(`${stage.apiUrl}/repos/${name}/pulls/${number}/merge`, {
    ...{ method: 'PUT', body: JSON.stringify({ merge_method: 'squash' }) },
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
  });
  expect(response.status).toBe(200);
}

test('a pull request shows rendered manifests alone, follows the definition, and is closed where nothing is left', async () => {
  const repository = await repositoryOf(definition('a'));
  const first = await materialize(stage, repository, PULLS);
  expect([first.exitCode, first.environments[0]?.state]).toEqual([0, 'proposed']);
  expect(await manifestsOn(repository, 'env/prod')).toEqual([]);
  expect(await manifestsOn(repository, HEAD)).toEqual(['configmap-a.yaml']);
  expect(await pulls(repository)).toMatchObject([
    { number: 1, state: 'open', base: { ref: 'env/prod' }, head: { ref: HEAD } },
  ]);

  const refs = await repository.refs();
  const again = await materialize(stage, repository, PULLS);
  expect([again.environments[0]?.state, await repository.refs()]).toEqual(['proposed', refs]);

  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'new') }, 'feat: new');
  await materialize(stage, repository, PULLS);
  expect(await repository.read(HEAD, 'configmap-a.yaml')).toBe(manifest('a', 'new'));
  expect(await repository.log(HEAD)).toHaveLength(2);

  await merge(repository, 1);
  expect(await repository.read('env/prod', 'configmap-a.yaml')).toBe(manifest('a', 'new'));
  const merged = await materialize(stage, repository, PULLS);
  expect([merged.environments[0]?.state, (await pulls(repository)).length]).toEqual(['unchanged', 1]);

  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'newer') }, 'feat: newer');
  await materialize(stage, repository, PULLS);
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'new') }, 'revert: newer');
  const closed = await materialize(stage, repository, PULLS);
  expect((await pulls(repository)).map(({ state }) => state)).toEqual(['closed', 'closed']);
  expect(closed.environments[0]?.notes).toEqual([expect.stringMatching(/^The pull request for env\/prod is closed/)]);
  expect(await repository.refs()).not.toHaveProperty([`refs/heads/${HEAD}`]);
});

test('a squash that loses the trailers still tells which commit is there, so an older one proposes nothing', async () => {
  const repository = await repositoryOf(definition('a'));
  const [old] = await repository.log('main');
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'new') }, 'feat: new');
  await materialize(stage, repository, PULLS);
  // Chosen by a workflow itself, so that the pull request alone tells of the newer one.
  const chosen = { at: old?.sha ?? '', env: { GITHUB_SHA: '0'.repeat(40) } };
  const early = await materialize(stage, repository, PULLS, chosen);
  expect(early.environments[0]).toMatchObject({
    state: 'overtaken',
    notes: [expect.stringContaining('a newer commit')],
  });
  expect(await repository.read(HEAD, 'configmap-a.yaml')).toBe(manifest('a', 'new'));
  await merge(repository, 1);
  const late = await materialize(stage, repository, PULLS, { at: old?.sha ?? '' });
  expect([late.environments[0]?.state, (await pulls(repository)).length]).toEqual(['overtaken', 1]);
});

test('what people commit to the pull request gives way to what is rendered, or is kept', async () => {
  const repository = await repositoryOf(definition('a'));
  await materialize(stage, repository, PULLS);
  const ada = { name: 'Ada', email: 'ada@acme.dev' };
  await repository.commit(HEAD, { 'configmap-a.yaml': manifest('a', 'edited') }, 'fix: by hand', ada);
  const kept = await materialize(stage, repository, { ...PULLS, edits: 'keep' });
  expect(kept.environments[0]?.notes).toEqual([`${HEAD}: Ada committed to it, and that is kept.`]);
  const { environments } = await materialize(stage, repository, PULLS);
  expect(environments[0]?.notes).toEqual([`${HEAD}: Ada committed to it, and that gives way.`]);
  expect(await repository.read(HEAD, 'configmap-a.yaml')).toBe(manifest('a'));
});

test.each<[string, (repository: LocalRepository) => void, string]>([
  ['branch protection', (repository) => repository.protect('env/prod', { requiredApprovals: 1 }), 'pull request'],
  [
    'a ruleset',
    (repository) =>
      repository.ruleset('guard', { target: 'branch', include: ['refs/heads/env/*'], rules: { update: true } }),
    'Cannot update this protected ref',
  ],
])('where %s guards the branch, a pull request is opened, with the reason', async (_what, guard, reason) => {
  const repository = await repositoryOf(definition('a'));
  await materialize(stage, repository);
  guard(repository);
  await repository.commit('main', { 'hld/a.yaml': manifest('a', 'new') }, 'feat: new');
  const { environments, exitCode, stdout } = await materialize(stage, repository);
  expect([exitCode, stdout]).toEqual([0, expect.anything()]);
  expect(environments[0]).toMatchObject({ state: 'proposed', pullRequest: expect.stringMatching(/\/pull\/1$/) });
  expect(environments[0]?.notes[0]).toMatch(/refuse a commit on env\/prod/);
  expect(environments[0]?.notes[0]).toContain(reason);
});

test('remote parts that moved are proposed in one pull request, which is closed when they are merged', async () => {
  const shared = await stage.github.createRepository('acme/shared', { files: { 'web.yaml': manifest('web') } });
  const parts = `{ name: web, type: static, method: git, source: "${stage.serverUrl}/acme/shared", path: web.yaml }`;
  const repository = await repositoryOf({ 'hld/component.yaml': `name: cluster\nsubcomponents:\n  - ${parts}\n` });
  const unpinned = await materialize(stage, repository);
  expect([unpinned.exitCode, unpinned.stdout]).toEqual([
    1,
    expect.stringContaining('is in no hld/component.lock.yaml'),
  ]);

  const update = await materialize(stage, repository, { update: 'true' });
  expect([update.exitCode, update.stdout]).toEqual([0, expect.anything()]);
  expect(update.outputs['pull-request']).toMatch(/\/pull\/1$/);
  const [pull] = await pulls(repository);
  expect(pull?.body).toMatch(/acme\/shared: new, [0-9a-f]{40}/);
  expect(await repository.refs()).not.toHaveProperty(['refs/heads/env/prod']);
  await merge(repository, 1);
  await materialize(stage, repository);
  expect(await manifestsOn(repository, 'env/prod')).toEqual(['configmap-web.yaml']);

  await shared.commit('main', { 'web.yaml': manifest('web', 'moved') }, 'feat: moved');
  const same = await materialize(stage, repository);
  expect(same.outputs.changed).toBe('false');
  await materialize(stage, repository, { update: 'true' });
  await shared.commit('main', { 'web.yaml': manifest('web', 'again') }, 'feat: again');
  await materialize(stage, repository, { update: 'true' });
  expect((await pulls(repository)).map(({ state }) => state)).toEqual(['closed', 'open']);
  await merge(repository, 2);
  await materialize(stage, repository, { update: 'true' });
  await materialize(stage, repository);
  expect(await repository.read('env/prod', 'configmap-web.yaml')).toBe(manifest('web', 'again'));
});

test('the branch of an environment is followed and merged alone, and what else moves waits for people', async () => {
  const [app, shared] = await Promise.all(
    ['cat-application', 'library'].map((name) =>
      stage.github.createRepository(`acme/${name}`, { files: { 'web.yaml': manifest(name) } }),
    ),
  );
  await app?.commit('dev', { 'web.yaml': manifest('cat', 'one') }, 'feat: one');
  const part = (name: string, more: string) =>
    `  - { name: ${name}, type: static, method: git, source: "${stage.serverUrl}/acme/${name}", path: web.yaml${more} }\n`;
  const policy = (cd: string) =>
    `environments: { prod: { branch: dev, repository: "acme/{app}-application" }, eu: { ${cd} } }\n`;
  const repository = await repositoryOf({
    'hld/component.yaml': `name: cluster\nsubcomponents:\n${part('cat-application', ', branch: dev')}`,
    'ostack.yaml': policy(''),
  });
  const update = (inputs: Record<string, string> = {}) => materialize(stage, repository, { update: 'true', ...inputs });
  const first = await update();
  expect([errorsOf(first), first.outputs.merged, first.summary]).toEqual([
    '',
    'true',
    expect.stringContaining('has brought it'),
  ]);

  // A library is nobody's environment.
  const library = `${part('cat-application', ', branch: dev')}${part('library', '')}`;
  await repository.commit(
    'main',
    { 'hld/component.yaml': `name: cluster\nsubcomponents:\n${library}` },
    'feat: library',
  );
  expect((await update()).outputs.merged).toBe('false');
  await merge(repository, 2);
  await app?.commit('dev', { 'web.yaml': manifest('cat', 'two') }, 'feat: two');
  await shared?.commit('main', { 'web.yaml': manifest('library', 'two') }, 'feat: two');
  const followed = await update({ 'update-scope': 'environments' });
  expect([errorsOf(followed), followed.outputs.merged]).toEqual(['', 'true']);
  const [commit] = await repository.log('main');
  expect([commit?.message.split('\n').filter((line) => line.includes(' from '))]).toEqual([
    [expect.stringContaining('acme/cat-application (dev): from')],
  ]);
  const others = await update();
  expect([errorsOf(others), others.outputs.merged]).toEqual(['', 'false']);
  // Somebody says so, or all that is rendered is deployed continuously and nothing keeps it back.
  await repository.commit('main', { 'ostack.yaml': policy('cd: true') }, 'chore: cd');
  expect((await update({ environments: 'eu, prod' })).outputs.merged).toBe('false');
  expect((await update({ environments: 'eu', merge: 'false' })).outputs.merged).toBe('false');
  expect((await update({ environments: 'eu' })).outputs.merged).toBe('true');
});

test('where rules hold it back, GitHub merges a lock file once its checks allow, and a run more changes nothing', async () => {
  const shared = await stage.github.createRepository('acme/checked', { files: { 'web.yaml': manifest('web') } });
  const part = `{ name: web, type: static, method: git, source: "${stage.serverUrl}/acme/checked", path: web.yaml }`;
  const files = { 'hld/component.yaml': `name: cluster\nsubcomponents: [${part}]\n` };
  const repository = await stage.github.createRepository('acme/checks', { files }, { allowAutoMerge: true });
  repository.protect('main', { requiredChecks: ['ci'] });
  for (const _ of [1, 2]) {
    const update = await materialize(stage, repository, { update: 'true', merge: 'true' });
    expect([errorsOf(update), update.outputs.merged, update.summary]).toEqual([
      '',
      'false',
      expect.stringContaining('proposes it: merges by itself when its checks allow'),
    ]);
  }
  expect(await shared.log('main')).toHaveLength(1);
  const [pull] = await pulls(repository);
  expect(pull).toMatchObject({ state: 'open', auto_merge: {} });
});
