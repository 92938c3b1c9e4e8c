// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { describe, expect, test } from '@jest/globals';
import { at, rest, seal } from '../github/support.js';
import { type Playground, playground } from './support.js';

const job = (environment = 'gate') => `
  a:
    runs-on: ubuntu-latest
    environment: ${environment}
    steps: [{ env: { KEY: "\${{ secrets.KEY }}" }, run: "echo [\${KEY:0:4}] \${{ vars.ID }} at \${{ github.ref }}" }]
`;
const on = '{ workflow_dispatch: {}, pull_request: {} }';
const called = `on: workflow_call\njobs:${job()}`;
const calling = (secrets: string) => `
on: workflow_dispatch
jobs: { call: { uses: ./.github/workflows/called.yml${secrets} } }
`;

const app = '/repos/acme/apps';
const custom = { protected_branches: false, custom_branch_policies: true };
const protectedOnly = { protected_branches: true, custom_branch_policies: false };

/** A repository with the environment `gate`, which has a secret and a variable and admits what the test says. */
async function guarded(policy: object | null, admits: { name: string; type?: string }[] = []): Promise<Playground> {
  const ground = await playground({
    'acme/apps': {
      '.github/workflows/a.yml': `on: ${on}\njobs:${job()}`,
      '.github/workflows/called.yml': called,
      '.github/workflows/inherits.yml': calling(', secrets: inherit'),
      '.github/workflows/names.yml': calling(''),
    },
  });
  const { stage } = ground;
  const ask = (target: string, body?: object) => rest(stage, target.replace(' ', ` ${app}/environments/gate`), body);
  await ask('PUT ', { deployment_branch_policy: policy });
  for (const pattern of admits) {
    expect((await ask('POST /deployment-branch-policies', pattern)).status).toBe(200);
  }
  const { body: key } = await ask('GET /secrets/public-key');
  const sealed = { encrypted_value: await seal('deep secret', at(key, 'key')), key_id: at(key, 'key_id') };
  expect((await ask('PUT /secrets/key', sealed)).status).toBe(201);
  await ask('POST /variables', { name: 'id', value: 'seven' });
  const repository = stage.github.repository('acme/apps');
  const { 'refs/heads/main': tip = '' } = await repository.refs();
  await repository.commit('topic', { b: 'b' }, 'b');
  await repository.setRef('refs/tags/main', tip);
  await repository.setRef('refs/tags/v1', tip);
  return ground;
}

/** What a run at a ref says: its one line, or why it did not start. */
async function runAt(ground: Playground, ref: string, workflow = 'a.yml'): Promise<string | undefined> {
  const [run] = await ground.runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch', workflow, ref });
  return run?.jobs[0]?.annotations[0]?.message ?? ground.log().findLast((line) => line.startsWith('['));
}

const got = (ref: string) => `[deep] seven at ${ref}`;
const kept = (what: string) => `${what} is not allowed to deploy to gate due to environment protection rules.`;

describe('an environment', () => {
  test.each([
    ['that admits everything', null, [], 'refs/heads/topic', got('refs/heads/topic')],
    ['for one branch, at it', custom, [{ name: 'main' }], 'refs/heads/main', got('refs/heads/main')],
    ['for one branch, at another', custom, [{ name: 'main' }], 'refs/heads/topic', kept('Branch "topic"')],
    ['for one branch, at a tag of its name', custom, [{ name: 'main' }], 'refs/tags/main', kept('Tag "main"')],
    ['for tags, at one', custom, [{ name: 'v*', type: 'tag' }], 'refs/tags/v1', got('refs/tags/v1')],
    ['for tags, at a branch', custom, [{ name: '*', type: 'tag' }], 'refs/heads/main', kept('Branch "main"')],
    ['for nothing yet', custom, [], 'refs/heads/main', kept('Branch "main"')],
    ['for protected branches, where none is', protectedOnly, [], 'refs/heads/topic', got('refs/heads/topic')],
  ])('%s', async (_name, policy, admits, ref, outcome) => {
    await using ground = await guarded(policy, admits);
    expect(await runAt(ground, ref)).toBe(outcome);
  });

  test('for protected branches admits those with classic protection where there are any', async () => {
    await using ground = await guarded(protectedOnly);
    ground.stage.github.repository('acme/apps').protect('main', {});
    expect(await runAt(ground, 'refs/heads/main')).toBe(got('refs/heads/main'));
    expect(await runAt(ground, 'refs/heads/topic')).toBe(kept('Branch "topic"'));
  });

  test('does not admit a pull request into the branch that it is for, and its job is a failed check', async () => {
    await using ground = await guarded(custom, [{ name: 'main' }]);
    await rest(ground.stage, `POST ${app}/pulls`, { title: 'B', head: 'topic', base: 'main' });
    await ground.runner.idle();
    const [run] = ground.runner.runs;
    expect(run?.jobs[0]?.annotations[0]?.message).toBe(kept('Branch "refs/pull/1/merge"'));
    expect(run?.jobs[0]?.steps).toEqual([]);
    const { body } = await rest(ground.stage, `GET ${app}/commits/topic/check-runs`);
    expect(body).toMatchObject({ check_runs: [{ name: 'a', conclusion: 'failure' }] });
  });

  test('gives its secrets to jobs that name it alone, and each is a deployment', async () => {
    await using ground = await guarded(custom, [{ name: 'main' }]);
    await ground.stage.github.repository('acme/apps').commit(
      'main',
      {
        '.github/workflows/b.yml': `
on: workflow_dispatch
jobs: { b: { runs-on: ubuntu-latest, steps: [{ env: { KEY: "\${{ secrets.KEY }}" }, run: "echo [$KEY] \${{ vars.ID }}." }] } }
`,
      },
      'b',
    );
    expect(await runAt(ground, 'refs/heads/main', 'b.yml')).toBe('[] .');
    expect((await rest(ground.stage, `GET ${app}/deployments`)).body).toEqual([]);
    expect(await runAt(ground, 'refs/heads/main')).toBe(got('refs/heads/main'));
    expect((await rest(ground.stage, `GET ${app}/deployments`)).body).toMatchObject([
      { environment: 'gate', ref: 'main', creator: { login: 'github-actions[bot]' } },
    ]);
  });

  test.each([
    ['inherits.yml', got('refs/heads/main')],
    ['names.yml', '[] seven at refs/heads/main'],
  ])('gives its secrets to a called workflow only when the caller says "inherit": %s', async (workflow, outcome) => {
    await using ground = await guarded(custom, [{ name: 'main' }]);
    expect(await runAt(ground, 'refs/heads/main', workflow)).toBe(outcome);
  });

  test('that is not there yet is made by the job that names it, and keeps nothing out', async () => {
    await using ground = await playground({
      'acme/apps': { '.github/workflows/a.yml': `on: workflow_dispatch\njobs:${job('new')}` },
    });
    const [run] = await ground.runner.dispatch({ repository: 'acme/apps', event: 'workflow_dispatch' });
    expect(run?.conclusion).toBe('success');
    expect((await rest(ground.stage, `GET ${app}/environments/new`)).body).toMatchObject({
      deployment_branch_policy: null,
    });
  });
});

describe('secrets and variables of a repository', () => {
  test('that are put over REST reach its workflows, before those of the organisation', async () => {
    await using ground = await playground({
      'acme/apps': { '.github/workflows/a.yml': `on: workflow_dispatch\njobs:${job('""')}` },
    });
    ground.runner.secrets.set('acme', { KEY: 'from the organisation' });
    const { body: key } = await rest(ground.stage, `GET ${app}/actions/secrets/public-key`);
    const sealed = { encrypted_value: await seal('mine alone', at(key, 'key')), key_id: at(key, 'key_id') };
    await rest(ground.stage, `PUT ${app}/actions/secrets/KEY`, sealed);
    await rest(ground.stage, `POST ${app}/actions/variables`, { name: 'ID', value: 'eight' });
    expect(await runAt(ground, 'refs/heads/main')).toBe('[mine] eight at refs/heads/main');
    const { body } = await rest(ground.stage, `GET ${app}/actions/secrets/KEY`);
    expect(JSON.stringify(body)).not.toContain('mine');
  });

  test.each([
    ['a box for another key', { encrypted_value: Buffer.alloc(60).toString('base64') }, 422],
    ['another key id', { key_id: '1' }, 422],
  ])('are refused in %s', async (_name, more, status) => {
    await using ground = await playground({ 'acme/apps': { a: 'a' } });
    const { body: key } = await rest(ground.stage, `GET ${app}/actions/secrets/public-key`);
    const sealed = { encrypted_value: await seal('x', at(key, 'key')), key_id: at(key, 'key_id'), ...more };
    expect((await rest(ground.stage, `PUT ${app}/actions/secrets/KEY`, sealed)).status).toBe(status);
    expect((await rest(ground.stage, `GET ${app}/actions/secrets`)).body).toMatchObject({ total_count: 0 });
  });
});
