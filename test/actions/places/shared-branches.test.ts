/** Two applications on the branches of one repository, promoted by merges: a merge brings both, and a hold of one keeps both. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, startStage } from '../../../src/local/stage.js';
import { at, rest } from '../../local/github/support.js';
import { git } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';
import { errorsOf, stageEnv } from '../bump-ops-overlay/support.js';

const POLICY = `environments:
  dev: { branch: dev, repository: acme/pets, cd: true }
  stage: { branch: stage, repository: acme/pets, after: dev, promotion: merge }
  prod: { branch: prod, repository: acme/pets, after: stage, promotion: merge }
overlays: ["apps/{app}/values.yaml"]
`;
const BRANCHES = ['dev', 'stage', 'prod'];
const values = (app: string, tag: string) => `image:\n  repository: some-repo/${app}\n  tag: ${tag}\n`;

let stage: Stage;
let pets: LocalRepository;
beforeAll(async () => {
  stage = await startStage();
  await stage.github.createRepository('acme/cluster', { files: { 'ostack.yaml': POLICY } });
  const files = Object.fromEntries(['cat', 'dog'].map((app) => [`apps/${app}/values.yaml`, values(app, '1.0.0')]));
  pets = await stage.github.createRepository('acme/pets', { files }, { allowAutoMerge: true });
  for (const branch of BRANCHES) {
    await git(pets.gitDir, ['branch', branch, pets.defaultBranch]);
  }
});
afterAll(() => stage.close());

async function run(action: string, inputs: Record<string, string>) {
  const result = await runAction({
    action,
    inputs: { token: stage.token, 'ops-repository': 'acme/cluster', 'apps-token': '', ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/cluster', GITHUB_ACTOR: 'ada', PATH: '/nowhere' },
  });
  return { ...result, errors: errorsOf(result), promotions: JSON.parse(result.outputs.promotions ?? '[]') };
}

const release = (app: string, tag: string) =>
  run('bump-ops-overlay', { app, image: `some-repo/${app}`, tag, environments: 'dev' });
const promote = (inputs: Record<string, string> = {}) => run('promote', { to: 'stage', merge: 'true', ...inputs });
const tags = (app: string) =>
  Promise.all(
    BRANCHES.map(async (branch) => /tag: (\S*)/.exec((await pets.read(branch, `apps/${app}/values.yaml`)) ?? '')?.[1]),
  );
const pull = async (number: number) => (await rest(stage, `GET /repos/acme/pets/pulls/${number}`)).body;

test('a promotion of one of them is refused where the merge would bring the other one, too', async () => {
  await release('cat', '1.1.0');
  await release('dog', '1.1.0');
  const { errors } = await promote({ apps: 'cat' });
  expect(errors).toBe('Merging dev into stage brings all that dev has, dog too: name them, or promote all apps.');
  expect((await promote()).errors).toBe('');
  expect([await tags('cat'), await tags('dog')]).toEqual([
    ['1.1.0', '1.1.0', '1.0.0'],
    ['1.1.0', '1.1.0', '1.0.0'],
  ]);
});

test('a rollback takes one of them back, and keeps the next merge out with both, which is said of both', async () => {
  const back = { environment: 'stage', app: 'cat', reason: 'Cats bark', direct: 'true' };
  expect((await run('rollback', back)).errors).toBe('');
  expect([await tags('cat'), await tags('dog')]).toEqual([
    ['1.1.0', '1.0.0', '1.0.0'],
    ['1.1.0', '1.1.0', '1.0.0'],
  ]);
  await release('dog', '1.2.0');
  const held = await promote();
  const reason = expect.stringMatching(/^Merging dev into stage brings all that dev has, and cat in stage is held/);
  expect(held.promotions).toMatchObject([
    { app: 'dog', state: 'held', number: null, reason },
    { app: 'cat', state: 'held', reason: expect.stringMatching(/^cat in stage is held at 1\.0\.0/) },
  ]);
  expect(held.summary).toContain('Merging dev into stage brings all that dev has');
  expect(await tags('dog')).toEqual(['1.2.0', '1.1.0', '1.0.0']);
});

test('what stage has of both goes on to prod, and prod takes one of them back alone', async () => {
  expect((await promote({ to: 'prod' })).errors).toBe('');
  expect([await tags('cat'), await tags('dog')]).toEqual([
    ['1.1.0', '1.0.0', '1.0.0'],
    ['1.2.0', '1.1.0', '1.1.0'],
  ]);
  const back = { environment: 'prod', app: 'dog', reason: 'Dogs meow', direct: 'true' };
  expect((await run('rollback', back)).errors).toBe('');
  expect(await tags('dog')).toEqual(['1.2.0', '1.1.0', '1.0.0']);
});

test('a hold stops the merge of a branch that GitHub would do by itself, and says so', async () => {
  await run('lift-hold', { environment: 'stage', app: 'cat', direct: 'true' });
  await release('cat', '1.3.0');
  // What the refusal after a rollback says to do.
  const [tree = '', dev = '', other = ''] = await Promise.all(
    ['dev^{tree}', 'dev', 'stage'].map((name) => git(pets.gitDir, ['rev-parse', name])),
  );
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.dev'];
  const commit = ['commit-tree', tree, '-p', dev, '-p', other, '-m', 'Merge stage'];
  await git(pets.gitDir, ['update-ref', 'refs/heads/dev', await git(pets.gitDir, [...identity, ...commit])]);
  pets.protect('stage', { requiredChecks: ['test'] });
  const [{ number }] = (await promote()).promotions;
  expect(await pull(number)).toMatchObject({ state: 'open', auto_merge: { merge_method: 'merge' } });

  // One of another environment leaves it alone.
  await run('hold', { environment: 'prod', app: 'cat', reason: 'Cats bark', direct: 'true' });
  expect(at(await pull(number), 'auto_merge')).not.toBeNull();
  pets.unprotect('stage');
  const held = await run('hold', { environment: 'stage', app: 'cat', reason: 'Cats bark', direct: 'true' });
  expect(held.errors).toBe('');
  expect(await pull(number)).toMatchObject({ state: 'open', auto_merge: null });
  expect(held.stdout).toContain(`#${number} ("Promote 2 apps to stage") no longer merges by itself`);
  await rest(stage, `PATCH /repos/acme/pets/pulls/${number}`, { state: 'closed' });
  await run('lift-hold', { environment: 'stage', app: 'cat', direct: 'true' });
});

test('a pull request from a branch of the same name in a fork is none of ours, and is left alone', async () => {
  const fork = await stage.github.fork('acme/pets', 'mallory/pets');
  await fork.commit('dev', { 'apps/cat/values.yaml': values('cat', '6.6.6') }, 'feat: better cats');
  const opened = await rest(stage, 'POST /repos/acme/pets/pulls', {
    head: 'mallory:dev',
    base: 'stage',
    title: 'Cats',
  });
  const foreign = Number(at(opened.body, 'number'));
  const { errors, promotions } = await promote();
  expect([errors, promotions.map(({ number }: { number: number }) => number)]).not.toContain(foreign);
  expect([await tags('cat'), await tags('dog')]).toEqual([
    ['1.3.0', '1.3.0', '1.0.0'],
    ['1.2.0', '1.2.0', '1.0.0'],
  ]);
  expect(await pull(foreign)).toMatchObject({ state: 'open', title: 'Cats', body: null });
});
