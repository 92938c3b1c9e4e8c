// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how expressions look
import { expect, test } from '@jest/globals';
import { type Playground, playground } from './support.js';

async function ask(ground: Playground, target: string, body: unknown): Promise<unknown> {
  const [method = 'POST', path = ''] = target.split(' ');
  const response = await fetch(`${ground.stage.apiUrl}/repos/acme/apps${path}`, {
    method,
    headers: { authorization: `Bearer ${ground.stage.token}` },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  return response.status === 204 ? undefined : await response.json();
}

/** A repository with workflows and a branch `topic` that is ready for a pull request. */
async function withTopic(files: Record<string, string>) {
  const ground = await playground({});
  const repository = await ground.stage.github.createRepository('acme/apps', { files }, { allowAutoMerge: true });
  await repository.commit('topic', { 'a.txt': '1' }, 'feat: one');
  await ground.runner.idle();
  const open = () => ask(ground, 'POST /pulls', { title: 'Topic', head: 'topic', base: 'main' });
  return { ground, repository, open };
}

test('every activity of a pull request starts the workflows that name it', async () => {
  const { ground, repository, open } = await withTopic({
    '.github/workflows/a.yml': `
on:
  pull_request:
    types: [opened, synchronize, reopened, closed, labeled, unlabeled]
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "activity \${{ github.event.action }} \${{ github.event.label.name }} \${{ github.ref }}"' }]
`,
  });
  await using _ground = ground;
  await open();
  await repository.commit('topic', { 'a.txt': '2' }, 'fix: two');
  await ask(ground, 'POST /issues/1/labels', { labels: ['preview'] });
  await ask(ground, 'DELETE /issues/1/labels/preview', {});
  await ask(ground, 'PATCH /pulls/1', { state: 'closed' });
  await ask(ground, 'PATCH /pulls/1', { state: 'open' });
  await ask(ground, 'PUT /pulls/1/merge', {});
  await ground.runner.idle();
  const lines = ground.log().filter((line) => line.startsWith('activity'));
  expect(lines.sort()).toEqual([
    'activity closed  refs/heads/main',
    'activity closed  refs/pull/1/merge',
    'activity labeled preview refs/pull/1/merge',
    'activity opened  refs/pull/1/merge',
    'activity reopened  refs/pull/1/merge',
    'activity synchronize  refs/pull/1/merge',
    'activity unlabeled preview refs/pull/1/merge',
  ]);
});

test('a push cancels the run of the pull request that it outdates, and of no other one', async () => {
  const { ground, repository, open } = await withTopic({
    '.github/workflows/a.yml': `
on: pull_request
concurrency: { group: "pr-\${{ github.event.number }}", cancel-in-progress: true }
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ uses: actions/checkout@v7 }, { run: "while [ $(cat a.txt) = 1 ]; do sleep 0.1; done" }]
`,
  });
  await using _ground = ground;
  const started = new Promise<void>((resolve) => {
    ground.runner.runner.follow({
      report: (event) => event.type === 'step-started' && event.step.number > 2 && resolve(),
    });
  });
  await open();
  await started;
  await repository.commit('other', { 'a.txt': 'other' }, 'feat: other');
  await ask(ground, 'POST /pulls', { title: 'Other', head: 'other', base: 'main' });
  await repository.commit('topic', { 'a.txt': '2' }, 'fix: two');
  await ground.runner.idle();
  const ended = ground.runner.runs.map(({ title, conclusion }) => `${title}: ${conclusion}`);
  expect(ended.sort()).toEqual(['feat: one: cancelled', 'feat: other: success', 'fix: two: success']);
});

test('auto-merge waits for the jobs of called workflows by their full names; a skipped job is no obstacle', async () => {
  const { ground, repository, open } = await withTopic({
    '.github/workflows/called.yml': `
on: workflow_call
jobs:
  unit: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
    '.github/workflows/a.yml': `
on: pull_request
jobs:
  wait: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v7 }, { run: test "$(cat a.txt)" != 1 }] }
  tests: { needs: wait, uses: ./.github/workflows/called.yml }
  never: { if: github.event.number == 0, runs-on: ubuntu-latest, steps: [{ run: "false" }] }
`,
  });
  await using _ground = ground;
  repository.protect('main', { requiredChecks: ['tests / unit', 'never'] });
  await open();
  await ground.runner.idle();
  const merge =
    'mutation($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: SQUASH }) { clientMutationId } }';
  const pull = await ask(ground, 'GET /pulls/1', {});
  expect(pull).toMatchObject({ state: 'open', mergeable_state: 'blocked' });
  const answer = await fetch(ground.stage.graphqlUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${ground.stage.token}` },
    body: JSON.stringify({ query: merge, variables: { id: Reflect.get(Object(pull), 'node_id') } }),
  });
  expect(await answer.json()).not.toHaveProperty('errors');
  await repository.commit('topic', { 'a.txt': '2' }, 'fix: two');
  await ground.runner.idle();
  expect(await ask(ground, 'GET /pulls/1', {})).toMatchObject({ state: 'closed', merged: true });
  expect(await repository.read('main', 'a.txt')).toBe('2');
});

test('the merge queue runs the workflows that ask for it on its own branch', async () => {
  const { ground, repository, open } = await withTopic({
    '.github/workflows/a.yml': `
on: { merge_group: { branches: [main] } }
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - run: echo "queued $(cat a.txt) \${{ github.event.merge_group.base_ref }} \${{ github.ref }}"
`,
  });
  await using _ground = ground;
  await open();
  const branch = await repository.queue(1);
  await ground.runner.idle();
  expect(branch).toMatch(/^refs\/heads\/gh-readonly-queue\/main\/pr-1-[0-9a-f]{40}$/);
  expect(ground.log()).toContain(`queued 1 refs/heads/main ${branch}`);
  const { [branch]: sha = '' } = await repository.refs();
  const checks = await ask(ground, `GET /commits/${sha}/check-runs`, {});
  expect(checks).toMatchObject({ check_runs: [{ name: 'a', conclusion: 'success' }] });
});

test('deployments and the statuses that Flux or Argo CD post start workflows', async () => {
  const says = (on: string, more: string) =>
    `on: ${on}\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 'echo "heard ${more}"' }] } }\n`;
  const { ground, repository } = await withTopic({
    '.github/workflows/a.yml': says('deployment', 'deployment ${{ github.event.deployment.environment }}'),
    '.github/workflows/b.yml': says(
      'deployment_status',
      '${{ github.event.deployment_status.state }} ${{ github.event.deployment_status.environment_url }}',
    ),
    '.github/workflows/c.yml': says('status', '${{ github.event.context }} ${{ github.event.state }}'),
  });
  await using _ground = ground;
  const { 'refs/heads/main': sha = '' } = await repository.refs();
  const context = 'kustomization/preview-pr-1/abc';
  await ask(ground, `POST /statuses/${sha}`, { state: 'success', context });
  const request = { ref: 'main', auto_merge: false, required_contexts: [], environment: 'pr-1' };
  const deployment = await ask(ground, 'POST /deployments', request);
  const status = { state: 'success', environment_url: 'https://pr-1.example' };
  await ask(ground, `POST /deployments/${String(Reflect.get(Object(deployment), 'id'))}/statuses`, status);
  await ground.runner.idle();
  expect(ground.log().filter((line) => line.startsWith('heard'))).toEqual(
    expect.arrayContaining(['heard deployment pr-1', 'heard success https://pr-1.example', `heard ${context} success`]),
  );
});
