import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalRepository, type Stage, seededDelays, startStage } from '../../../src/local/stage.js';
import { HOLDS_FILE, readHolds } from '../../../src/ops/policy/holds.js';
import { git } from '../../support/git.js';
import { runAction } from '../../support/run-action.js';
import { errorsOf, stageEnv } from '../bump-ops-overlay/support.js';

const ADA = { name: 'Ada', email: 'ada@acme.dev' };
const BRANCHES = ['dev', 'stage', 'prod'];
const COMMON = 'hld/config/common.yaml';

/** The policy of the cluster's repository: every application has a repository with a branch for each environment. */
const POLICY = `environments:
  dev: { branch: dev, repository: "acme/{app}-application", cd: true }
  stage: { branch: stage, repository: "acme/{app}-application", after: dev, promotion: merge }
  prod: { branch: prod, repository: "acme/{app}-application", after: stage, promotion: merge }
apps: { cat: {}, dog: {} }
`;

const application = (app: string, tag: string) => ({
  'hld/component.yaml': `name: ${app}-application\ngenerator: helm\npath: ./${app}-chart\n`,
  [COMMON]: `config:\n  image:\n    repository: some-repo/${app}-app # where builds go\n    tag: ${tag}\n`,
});

let stage: Stage;
const apps = new Map<string, LocalRepository>();

beforeAll(async () => {
  stage = await startStage({ delays: seededDelays(1) });
  await stage.github.createRepository('acme/cluster', { files: { 'ostack.yaml': POLICY } });
  for (const app of ['cat', 'dog']) {
    const repository = await stage.github.createRepository(
      `acme/${app}-application`,
      {
        ...{ files: application(app, 'v1.0.0') },
      },
      { allowAutoMerge: true },
    );
    for (const branch of BRANCHES) {
      await git(repository.gitDir, ['branch', branch, repository.defaultBranch]);
    }
    apps.set(app, repository);
  }
});
afterAll(() => stage.close());

const run = (action: string, inputs: Record<string, string>) =>
  runAction({
    action,
    inputs: { token: stage.token, 'ops-repository': 'acme/cluster', ...inputs },
    env: { ...stageEnv(stage), GITHUB_REPOSITORY: 'acme/cluster', GITHUB_ACTOR: 'ada', PATH: '/nowhere' },
  });
const release = (app: string, tag: string) =>
  run('bump-ops-overlay', { app, image: `some-repo/${app}-app`, tag, environments: 'dev', 'apps-token': '' });
const promote = (inputs: Record<string, string>) => run('promote', inputs);
const of = (app: string) => {
  const repository = apps.get(app);
  if (repository === undefined) {
    throw new Error(app);
  }
  return repository;
};
const tag = async (app: string, branch: string) =>
  /tag: "?([^"\s]*)/.exec((await of(app).read(branch, COMMON)) ?? '')?.[1];
const tags = (app: string) => Promise.all(BRANCHES.map((branch) => tag(app, branch)));

async function pulls(app: string): Promise<unknown[]> {
  const response = await fetch(`${stage.apiUrl}/repos/acme/${app}-application/pulls?state=all&direction=asc`, {
    headers: { authorization: `Bearer ${stage.token}` },
  });
  const listed: unknown = await response.json();
  return Array.isArray(listed) ? listed : [];
}

describe('applications with a branch for each environment, and promotions that merge them', () => {
  test('a release sets the tag on the branch of the first environment, and nothing else', async () => {
    const released = await release('cat', 'v1.1.0');
    expect(errorsOf(released)).toBe('');
    expect(await tags('cat')).toEqual(['v1.1.0', 'v1.0.0', 'v1.0.0']);
    expect(await of('cat').read('dev', COMMON)).toBe(application('cat', 'v1.1.0')[COMMON]);
    expect(await tags('dog')).toEqual(['v1.0.0', 'v1.0.0', 'v1.0.0']);
  });

  test('a promotion is the merge of one branch into the next, with evidence, and no step is left out', async () => {
    const early = await promote({ to: 'prod', apps: 'cat', from: 'dev' });
    expect(errorsOf(early)).toContain('prod comes after stage, and stage does not have what dev has of cat.');
    const opened = await promote({ to: 'stage' });
    expect(errorsOf(opened)).toBe('');
    expect(await pulls('cat')).toMatchObject([
      { base: { ref: 'dev' }, state: 'closed' },
      { head: { ref: 'dev' }, base: { ref: 'stage' }, state: 'open', title: 'Promote cat 1.1.0 to stage' },
    ]);
    const merged = await promote({ to: 'stage', apps: 'cat', merge: 'true' });
    expect([errorsOf(merged), await tags('cat')]).toEqual(['', ['v1.1.0', 'v1.1.0', 'v1.0.0']]);
    const [commit] = await of('cat').log('stage');
    expect(commit?.message).toContain('from acme/dev');
    const next = await promote({ to: 'prod', apps: 'cat', merge: 'true' });
    expect([errorsOf(next), await tags('cat')]).toEqual(['', ['v1.1.0', 'v1.1.0', 'v1.1.0']]);
    const again = await promote({ to: 'prod', apps: 'cat', merge: 'true' });
    expect(JSON.parse(again.outputs.promotions ?? '[]')).toMatchObject([{ state: 'there' }]);
  });

  test('a rollback is a hold there, and what it took back comes with no later merge unseen', async () => {
    await release('cat', 'v1.2.0');
    await promote({ to: 'stage', apps: 'cat', merge: 'true' });
    expect(await tags('cat')).toEqual(['v1.2.0', 'v1.2.0', 'v1.1.0']);
    const back = await run('rollback', { environment: 'stage', app: 'cat', reason: 'Cats bark', direct: 'true' });
    expect([errorsOf(back), await tags('cat')]).toEqual(['', ['v1.2.0', 'v1.1.0', 'v1.1.0']]);
    expect(readHolds(await of('cat').read('stage', HOLDS_FILE))).toMatchObject([{ environment: 'stage', app: 'cat' }]);
    const held = await promote({ to: 'stage', apps: 'cat', merge: 'true' });
    expect(JSON.parse(held.outputs.promotions ?? '[]')).toMatchObject([{ state: 'held' }]);
    const lifted = await run('lift-hold', { environment: 'stage', app: 'cat', direct: 'true' });
    expect(errorsOf(lifted)).toBe('');
    const stuck = await promote({ to: 'stage', apps: 'cat', merge: 'true' });
    expect(errorsOf(stuck)).toContain(
      'Merging dev into stage does not bring cat 1.2.0: stage has changed it to 1.1.0 since',
    );
    expect(errorsOf(stuck)).toContain('git merge --strategy ours origin/stage');
  });

  test('the lines that the refusal gives do what they say', async () => {
    const { gitDir } = of('cat');
    const [devTree, dev, other] = await Promise.all(
      ['dev^{tree}', 'dev', 'stage'].map((name) => git(gitDir, ['rev-parse', name])),
    );
    const identity = ['-c', `user.name=${ADA.name}`, '-c', `user.email=${ADA.email}`];
    const merged = await git(gitDir, [
      ...identity,
      'commit-tree',
      devTree ?? '',
      '-p',
      dev ?? '',
      '-p',
      other ?? '',
      '-m',
      'Merge stage',
    ]);
    await git(gitDir, ['update-ref', 'refs/heads/dev', merged]);
    const promoted = await promote({ to: 'stage', apps: 'cat', merge: 'true' });
    expect([errorsOf(promoted), await tags('cat')]).toEqual(['', ['v1.2.0', 'v1.2.0', 'v1.1.0']]);
  });

  test('a stop holds every application in every environment, and is lifted again', async () => {
    const everything = { environment: '*', app: '*', reason: 'Dogs meow' };
    expect(errorsOf(await run('hold', everything))).toBe('');
    for (const [app, branch] of ['cat', 'dog'].flatMap((each) => BRANCHES.map((branch) => [each, branch] as const))) {
      expect(readHolds(await of(app).read(branch, HOLDS_FILE))).toMatchObject([{ environment: '*', app: '*' }]);
    }
    const held = await release('dog', 'v1.1.0');
    expect([held.summary, await tag('dog', 'dev')]).toEqual([
      expect.stringContaining('held with everything'),
      'v1.0.0',
    ]);
    expect(errorsOf(await run('lift-hold', everything))).toBe('');
    expect(readHolds(await of('dog').read('prod', HOLDS_FILE))).toEqual([]);
  });

  test('a promotion that is a merge asks people, has labels, and is merged by GitHub once its checks allow', async () => {
    const dog = of('dog');
    dog.protect('stage', { requiredChecks: ['test'] });
    for (const actor of ['ada', 'grace']) {
      stage.github.issueToken({ actor });
    }
    expect(errorsOf(await release('dog', 'v1.1.0'))).toBe('');
    const asked = {
      to: 'stage',
      apps: 'dog',
      merge: 'true',
      reviewers: 'grace',
      assignees: 'ada',
      labels: 'to {environment}',
    };
    const opened = await promote(asked);
    expect([errorsOf(opened), opened.summary]).toEqual(['', expect.stringContaining('merges by itself')]);
    const shown = {
      ...{ head: { ref: 'dev' }, state: 'open', labels: [{ name: 'to stage' }], assignees: [{ login: 'ada' }] },
      ...{ requested_reviewers: [{ login: 'grace' }], auto_merge: { merge_method: 'merge' } },
    };
    expect((await pulls('dog')).at(-1)).toMatchObject(shown);
    const count = (await pulls('dog')).length;
    expect(JSON.parse((await promote(asked)).outputs['pull-requests'] ?? '[]')).toMatchObject([
      { action: 'unchanged' },
    ]);
    expect(await pulls('dog')).toHaveLength(count);

    const before = await dog.read('stage', HOLDS_FILE);
    const hold = '- { environment: stage, app: dog, since: 2026-01-01T00:00:00Z, by: ada, reason: Dogs meow }\n';
    await dog.commit('stage', { [HOLDS_FILE]: hold }, 'chore: hold');
    const held = await promote(asked);
    expect(JSON.parse(held.outputs['pull-requests'] ?? '[]')).toMatchObject([{ action: 'held' }]);
    expect((await pulls('dog')).at(-1)).toMatchObject({ state: 'open', auto_merge: null });
    dog.unprotect('stage');
    await dog.commit('stage', { [HOLDS_FILE]: before ?? null }, 'chore: lift');
    expect(errorsOf(await promote(asked))).toBe('');
    expect(await tags('dog')).toEqual(['v1.1.0', 'v1.1.0', 'v1.0.0']);
  });

  test('branches that conflict are said with what to do, and the promotion goes on when that is done', async () => {
    const dog = of('dog');
    await dog.commit('stage', { 'notes.txt': 'of stage\n' }, 'docs: notes');
    await dog.commit('prod', { 'notes.txt': 'of prod\n' }, 'docs: notes');
    const problem = errorsOf(await promote({ to: 'prod', apps: 'dog', merge: 'true' }));
    expect(problem).toMatch(/^Merging stage into prod conflicts: both have changed the same lines/);
    expect(problem).toContain('git switch stage');
    const ours = await Promise.all(
      ['stage^{tree}', 'stage', 'prod'].map((name) => git(dog.gitDir, ['rev-parse', name])),
    );
    const [tree = '', stageHead = '', prodHead = ''] = ours;
    const identity = ['-c', `user.name=${ADA.name}`, '-c', `user.email=${ADA.email}`];
    const commit = ['commit-tree', tree, '-p', stageHead, '-p', prodHead, '-m', 'Merge prod'];
    const merged = await git(dog.gitDir, [...identity, ...commit]);
    const address = `${stage.serverUrl}/acme/dog-application.git`.replace('://', `://x-access-token:${stage.token}@`);
    await git(dog.gitDir, ['push', '--quiet', address, `${merged}:refs/heads/stage`]);
    const rehearsed = await promote({ to: 'prod', apps: 'dog', 'dry-run': 'true' });
    expect(JSON.parse(rehearsed.outputs['pull-requests'] ?? '[]')).toMatchObject([{ action: 'updated' }]);
  });

  test('a branch of an environment is not merged where GitHub deletes what is merged, unless a rule keeps it', async () => {
    const settings = (deletes: boolean) =>
      fetch(`${stage.apiUrl}/repos/acme/dog-application`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ delete_branch_on_merge: deletes }),
      });
    expect((await settings(true)).status).toBe(200);
    expect(errorsOf(await promote({ to: 'prod', apps: 'dog', merge: 'true' }))).toContain(
      'GitHub deletes stage once it is merged into prod, and an environment lives there.',
    );
    of('dog').ruleset('kept', { target: 'branch', include: ['refs/heads/stage'], rules: { deletion: true } });
    // Whatever is lost on the way, the run itself sees to it.
    stage.github.faults.add({ match: /FinishProposals/, kind: 'reset' });
    const merged = await promote({ to: 'prod', apps: 'dog', merge: 'true' });
    expect([errorsOf(merged), await tags('dog'), merged.summary]).toEqual([
      '',
      ['v1.1.0', 'v1.1.0', 'v1.1.0'],
      expect.stringContaining('**merged**'),
    ]);
    await settings(false);
  });

  test('the status has every application in every environment', async () => {
    const { summary } = await run('status', {});
    expect(summary).toMatch(/\*\*cat\*\* \| `1\.2\.0`[^|]*\| `1\.2\.0`[^|]*\| `1\.1\.0`/);
    expect(summary).toMatch(/\*\*dog\*\* \| `1\.1\.0`/);
  });
});
