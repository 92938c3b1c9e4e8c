import { expect, test } from '@jest/globals';
import type { LocalRepository, Stage } from '../../../src/local/stage.js';
import { describedOperations, operationOf, watchDescription } from '../../support/github-description.js';
import { at, browse, rest, seal, stageWith, webTokenOf } from './support.js';

const app = '/repos/acme/app';

test('every endpoint takes and gives what GitHub describes', async () => {
  const { stage, repository } = await stageWith({ 'README.md': '# Hello\n', '.github/workflows/ci.yml': 'name: CI\n' });
  await using _stage = stage;
  stage.github.createUser('reviewer');
  const seen = new Set<string | undefined>();
  stage.github.onExchange((exchange) => seen.add(operationOf(exchange)));
  const problems = watchDescription(stage);
  const head = (await repository.refs())['refs/heads/main'] ?? '';
  await gitEndpoints(stage, head);
  await releaseEndpoints(stage);
  await repository.commit('topic', { 'README.md': '# Changed\n', 'new.txt': 'new\n' }, 'feat: topic');
  await pullEndpoints(stage, head);
  await checkEndpoints(stage, head);
  await peopleEndpoints(stage);
  await deploymentEndpoints(stage);
  await appEndpoints(stage);
  await rulesetEndpoints(stage);
  await runEndpoints(stage, repository, (await repository.refs())['refs/heads/topic'] ?? '');
  await environmentEndpoints(stage);
  await valueEndpoints(stage, `${app}/actions`);
  await valueEndpoints(stage, `${app}/environments/gate`);
  await settingEndpoints(stage);
  await packageEndpoints(stage);
  // GitHub's description wants the account of a listed installation to be a user and an enterprise at once.
  const known = /^GET \/(app|orgs\/\{org\})\/installations 200\/.*\baccount: /;
  expect(problems.filter((problem) => !known.test(problem))).toEqual([]);
  const unseen = describedOperations().filter((operation) => !seen.has(operation));
  expect(unseen).toEqual([]);
}, 120_000);

/** Makes requests that all have to succeed. */
async function ask(stage: Stage, target: string, body?: unknown, token?: string): Promise<unknown> {
  const answer = await rest(stage, target, body, token);
  if (answer.status >= 400) {
    throw new Error(`${target} gave ${answer.status}: ${at(answer.body, 'message')}`);
  }
  return answer.body;
}

async function gitEndpoints(stage: Stage, head: string): Promise<void> {
  await ask(stage, `GET ${app}`);
  await ask(stage, `GET ${app}/activity?ref=refs/heads/main`);
  await ask(stage, `PATCH ${app}`, { allow_auto_merge: true });
  await ask(stage, 'GET /user');
  await ask(stage, 'GET /users/octocat');
  await ask(stage, 'GET /installation/repositories');
  await ask(stage, 'GET /rate_limit');
  const tag = await ask(stage, `POST ${app}/git/tags`, { tag: 'v1', message: 'm', object: head, type: 'commit' });
  await ask(stage, `POST ${app}/git/refs`, { ref: 'refs/tags/v1', sha: at(tag, 'sha') });
  await ask(stage, `GET ${app}/git/tags/${at(tag, 'sha')}`);
  await ask(stage, `GET ${app}/git/ref/tags/v1`);
  await ask(stage, `GET ${app}/git/matching-refs/heads`);
  await ask(stage, `POST ${app}/git/refs`, { ref: 'refs/heads/x/y', sha: head });
  await ask(stage, `PATCH ${app}/git/refs/heads/x/y`, { sha: head, force: true });
  await ask(stage, `DELETE ${app}/git/refs/heads/x/y`);
  await ask(stage, `GET ${app}/tags`);
  const commit = await ask(stage, `GET ${app}/git/commits/${head}`);
  const tree = await ask(stage, `GET ${app}/git/trees/${at(commit, 'tree', 'sha')}?recursive=1`);
  await ask(stage, `GET ${app}/git/blobs/${at(tree, 'tree', 3, 'sha')}`);
  const entry = { path: 'a/b.txt', mode: '100644', type: 'blob', content: 'b' };
  const made = await ask(stage, `POST ${app}/git/trees`, { tree: [entry] });
  await ask(stage, `POST ${app}/git/commits`, { message: 'm', tree: at(made, 'sha'), parents: [] });
  await ask(stage, `GET ${app}/commits?sha=main&path=README.md`);
  await ask(stage, `GET ${app}/commits/v1`);
  await ask(stage, `GET ${app}/branches`);
  await ask(stage, `GET ${app}/branches/main`);
  await ask(stage, `GET ${app}/contents/README.md`);
  await ask(stage, `GET ${app}/contents/.github/workflows?ref=main`);
}

async function releaseEndpoints(stage: Stage): Promise<void> {
  const release = await ask(stage, `POST ${app}/releases`, { tag_name: 'v1', name: 'One', body: 'Notes' });
  const draft = await ask(stage, `POST ${app}/releases`, { tag_name: 'v2', draft: true });
  await ask(stage, `GET ${app}/releases`);
  await ask(stage, `GET ${app}/releases/latest`);
  await ask(stage, `GET ${app}/releases/tags/v1`);
  await ask(stage, `GET ${app}/releases/${at(release, 'id')}`);
  await ask(stage, `PATCH ${app}/releases/${at(release, 'id')}`, { body: 'Better notes', make_latest: 'true' });
  await ask(stage, `DELETE ${app}/releases/${at(draft, 'id')}`);
}

async function pullEndpoints(stage: Stage, head: string): Promise<void> {
  await ask(stage, `POST ${app}/pulls`, { title: 'Topic', head: 'topic', base: 'main', body: 'Body' });
  await ask(stage, `GET ${app}/pulls?state=all&head=acme:topic`);
  await ask(stage, `PATCH ${app}/pulls/1`, { title: 'Better' });
  await ask(stage, `GET ${app}/pulls/1`);
  await ask(stage, `GET ${app}/pulls/1/commits`);
  await ask(stage, `GET ${app}/pulls/1/files`);
  await ask(stage, `POST ${app}/pulls/1/requested_reviewers`, { reviewers: ['reviewer'], team_reviewers: ['ops'] });
  const reviews = `${app}/pulls/1/reviews`;
  await ask(stage, `POST ${reviews}`, { event: 'COMMENT', body: 'Hm' });
  const ada = stage.github.issueToken({ actor: 'ada' });
  const review = await ask(stage, `POST ${reviews}`, { body: 'So far' }, ada);
  await ask(stage, `POST ${reviews}/${at(review, 'id')}/events`, { event: 'APPROVE' }, ada);
  await ask(stage, `GET ${reviews}/${at(review, 'id')}`);
  await ask(stage, `PUT ${reviews}/${at(review, 'id')}/dismissals`, { message: 'Too old' });
  await ask(stage, `GET ${app}/pulls/1/reviews`);
  await ask(stage, `POST ${app}/labels`, { name: 'ostack', color: '0366d6' });
  await ask(stage, `GET ${app}/labels`);
  await ask(stage, `GET ${app}/labels/ostack`);
  await ask(stage, `POST ${app}/issues/1/labels`, { labels: ['ostack', 'new one'] });
  await ask(stage, `GET ${app}/issues/1/labels`);
  await ask(stage, `DELETE ${app}/issues/1/labels/ostack`);
  await ask(stage, `POST ${app}/issues/1/assignees`, { assignees: ['reviewer', 'nobody'] });
  await ask(stage, `GET ${app}/issues/1`);
  const comment = await ask(stage, `POST ${app}/issues/1/comments`, { body: 'Hello' });
  await ask(stage, `GET ${app}/issues/1/comments`);
  await ask(stage, `GET ${app}/issues/comments/${at(comment, 'id')}`);
  await ask(stage, `PATCH ${app}/issues/comments/${at(comment, 'id')}`, { body: 'Better' });
  await ask(stage, `DELETE ${app}/issues/comments/${at(comment, 'id')}`);
  await ask(stage, `GET ${app}/compare/main...topic`);
  await rest(stage, `GET ${app}/pulls/1/merge`);
  await ask(stage, `PUT ${app}/pulls/1/merge`, { merge_method: 'squash' });
  await ask(stage, `GET ${app}/pulls/1/merge`);
  await ask(stage, `GET ${app}/commits/${head}/pulls`);
}

async function checkEndpoints(stage: Stage, head: string): Promise<void> {
  await ask(stage, `POST ${app}/statuses/${head}`, { state: 'pending', context: 'ci', description: 'Running' });
  await ask(stage, `GET ${app}/commits/main/status`);
  await ask(stage, `GET ${app}/commits/${head}/statuses`);
  const note = { path: 'README.md', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'Here' };
  const output = { title: 'Tests', summary: 'All good', annotations: [note] };
  const bot = stage.github.issueToken({ actor: 'tester[bot]' });
  const started = { name: 'test', head_sha: head, status: 'in_progress', output };
  const run = await ask(stage, `POST ${app}/check-runs`, started, bot);
  const ended = { status: 'completed', conclusion: 'success' };
  await ask(stage, `PATCH ${app}/check-runs/${at(run, 'id')}`, ended, bot);
  await ask(stage, `GET ${app}/check-runs/${at(run, 'id')}/annotations`);
  await ask(stage, `GET ${app}/check-runs/${at(run, 'id')}`);
  await ask(stage, `GET ${app}/commits/${head}/check-runs`);
  await ask(stage, `POST ${app}/actions/workflows/ci.yml/dispatches`, { ref: 'main', inputs: { app: 'web' } });
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`key${index}`, index]));
  for (const [client_payload, words] of [
    [many, 'No more than 10 properties are allowed; 11 were supplied.'],
    [{ app: 'x'.repeat(70_000) }, 'client_payload is too large.'],
  ] as const) {
    const { status, body } = await rest(stage, `POST ${app}/dispatches`, { event_type: 'released', client_payload });
    expect([status, body]).toEqual([422, expect.objectContaining({ message: words })]);
  }
  await ask(stage, `POST ${app}/dispatches`, { event_type: 'released', client_payload: { app: 'web' } });
}

async function deploymentEndpoints(stage: Stage): Promise<void> {
  const environment = { environment: 'app-pr-1', transient_environment: true, production_environment: false };
  const request = { ref: 'main', auto_merge: false, required_contexts: [], description: 'Preview', ...environment };
  const deployment = await ask(stage, `POST ${app}/deployments`, request);
  const id = at(deployment, 'id');
  await ask(stage, `GET ${app}/deployments?environment=app-pr-1`);
  await ask(stage, `GET ${app}/deployments/${id}`);
  const url = 'https://app-pr-1.preview.example';
  await ask(stage, `POST ${app}/deployments/${id}/statuses`, { state: 'success', environment_url: url });
  await ask(stage, `GET ${app}/deployments/${id}/statuses`);
  await ask(stage, `DELETE ${app}/environments/app-pr-1`);
  await ask(stage, `DELETE ${app}/deployments/${id}`);
}

async function appEndpoints(stage: Stage): Promise<void> {
  const form = {
    manifest: JSON.stringify({ url: 'https://example.test', redirect_url: 'http://127.0.0.1:1' }),
    name: 'made',
  };
  const made = await browse(stage, '/settings/apps', form);
  const code = new URL(made.location).searchParams.get('code');
  await ask(stage, `POST /app-manifests/${code}/conversions`, undefined, '');
  const { token, installation } = webTokenOf(stage, 'gate', { checks: 'write' });
  await ask(stage, 'GET /app', undefined, token);
  await ask(stage, 'GET /apps/gate', undefined, token);
  await ask(stage, 'GET /app/installations', undefined, token);
  await ask(stage, `GET /app/installations/${installation}`, undefined, token);
  await ask(stage, `GET ${app}/installation`, undefined, token);
  await ask(stage, 'GET /orgs/acme/installation', undefined, token);
  await ask(stage, 'GET /users/acme/installation', undefined, token);
  const asked = { repositories: ['app'], permissions: { checks: 'read' } };
  const taken = await ask(stage, `POST /app/installations/${installation}/access_tokens`, asked, token);
  await ask(stage, 'DELETE /installation/token', undefined, at(taken, 'token'));
  await ask(stage, `DELETE /app/installations/${installation}`, undefined, token);
}

async function packageEndpoints(stage: Stage): Promise<void> {
  const tags = ['1', '2', '3'].map((tag) => [tag]);
  const { versions } = stage.github.addPackage('acme/previews/web', { [app.replace('/repos/', '')]: 'admin' }, tags);
  const ids = [...versions.keys()];
  for (const [index, owner] of ['/orgs/acme', '/users/acme'].entries()) {
    const kept = `${owner}/packages/container/previews%2Fweb/versions`;
    await ask(stage, `GET ${kept}`);
    await ask(stage, `GET ${kept}/${ids[index]}`);
    await ask(stage, `DELETE ${kept}/${ids[index]}`);
  }
}

async function settingEndpoints(stage: Stage): Promise<void> {
  await ask(stage, `PUT ${app}/actions/permissions/workflow`, { default_workflow_permissions: 'read' });
  await ask(stage, `GET ${app}/actions/permissions/workflow`);
  await ask(stage, `GET ${app}/actions/organization-secrets`);
  await ask(stage, 'GET /orgs/acme/installations', undefined, stage.github.issueToken({ actor: 'ada' }));
}

async function rulesetEndpoints(stage: Stage): Promise<void> {
  webTokenOf(stage, 'gate', { checks: 'write' });
  const gate = at(await ask(stage, 'GET /apps/gate'), 'id');
  const made = await ask(stage, `POST ${app}/rulesets`, {
    name: 'gate',
    target: 'branch',
    enforcement: 'active',
    bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'pull_request' }],
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    rules: [
      ...['creation', 'update', 'deletion', 'non_fast_forward'].map((type) => ({ type })),
      {
        type: 'pull_request',
        parameters: {
          allowed_merge_methods: ['squash'],
          dismiss_stale_reviews_on_push: false,
          require_code_owner_review: false,
          require_last_push_approval: false,
          required_approving_review_count: 1,
          required_review_thread_resolution: false,
        },
      },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: [{ context: 'oStack / gate', integration_id: Number(gate) }, { context: 'ci' }],
        },
      },
    ],
  });
  const ruleset = `${app}/rulesets/${at(made, 'id')}`;
  await ask(stage, `GET ${app}/rulesets`);
  await ask(stage, `GET ${ruleset}`);
  await ask(stage, `GET ${app}/rules/branches/main`);
  await ask(stage, `PUT ${ruleset}`, { enforcement: 'evaluate' });
  await ask(stage, `DELETE ${ruleset}`);
}

async function environmentEndpoints(stage: Stage): Promise<void> {
  const gate = `${app}/environments/gate`;
  await ask(stage, `PUT ${gate}`, {
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  });
  await ask(stage, `GET ${app}/environments`);
  await ask(stage, `GET ${gate}`);
  const policy = await ask(stage, `POST ${gate}/deployment-branch-policies`, { name: 'main', type: 'branch' });
  await ask(stage, `GET ${gate}/deployment-branch-policies`);
  const one = `${gate}/deployment-branch-policies/${at(policy, 'id')}`;
  await ask(stage, `GET ${one}`);
  await ask(stage, `PUT ${one}`, { name: 'release/*' });
  await ask(stage, `DELETE ${one}`);
}

/** Secrets and variables of a repository or an environment. */
async function valueEndpoints(stage: Stage, place: string): Promise<void> {
  const key = await ask(stage, `GET ${place}/secrets/public-key`);
  const sealed = { encrypted_value: await seal('the secret', at(key, 'key')), key_id: at(key, 'key_id') };
  await ask(stage, `PUT ${place}/secrets/KEY`, sealed);
  await ask(stage, `PUT ${place}/secrets/KEY`, sealed);
  await ask(stage, `GET ${place}/secrets`);
  await ask(stage, `GET ${place}/secrets/KEY`);
  await ask(stage, `DELETE ${place}/secrets/KEY`);
  await ask(stage, `POST ${place}/variables`, { name: 'ID', value: '1' });
  await ask(stage, `PATCH ${place}/variables/ID`, { value: '2' });
  await ask(stage, `GET ${place}/variables`);
  await ask(stage, `GET ${place}/variables/ID`);
  await ask(stage, `DELETE ${place}/variables/ID`);
}

async function runEndpoints(stage: Stage, repository: LocalRepository, head: string): Promise<void> {
  stage.github.onRerun(() => {});
  stage.github.onCancel(() => {});
  const run = {
    ...{ id: 7, number: 1, attempt: 1, title: 'feat: a', workflow: 'CI', file: '.github/workflows/ci.yml' },
    ...{ event: 'push', actor: 'ada', triggeringActor: 'ada', status: 'completed' as const, conclusion: 'success' },
    ...{ headBranch: 'main', headSha: head, headRepository: 'acme/app', pulls: [1], annotations: [], jobs: [] },
    referenced: [{ path: 'ostack/actions/.github/workflows/test.yml@v1', sha: head, ref: 'refs/tags/v1' }],
  };
  await repository.reportRun(run);
  await repository.reportRun({ ...run, id: 8, status: 'in_progress', conclusion: null });
  await repository.reportJob({ sha: head, name: 'test', key: '7-1-1', runId: 7, conclusion: 'success' });
  const stored = { name: 'image', runId: 7, digest: 'a'.repeat(64), size: 1, files: [], folder: '' };
  const { id } = repository.addArtifact(stored, undefined);
  await ask(stage, `GET ${app}/actions/workflows`);
  await ask(stage, `GET ${app}/actions/workflows/ci.yml`);
  await ask(stage, `GET ${app}/actions/workflows/ci.yml/runs`);
  await ask(stage, `GET ${app}/actions/runs?head_sha=${head}`);
  await ask(stage, `GET ${app}/actions/runs/7`);
  await ask(stage, `GET ${app}/actions/runs/7/attempts/1`);
  await ask(stage, `GET ${app}/actions/runs/7/jobs`);
  await ask(stage, `GET ${app}/actions/runs/7/attempts/1/jobs`);
  await ask(stage, `GET ${app}/actions/runs/7/artifacts`);
  await ask(stage, `POST ${app}/actions/runs/7/rerun`);
  await repository.reportRun({ ...run, id: 9, conclusion: 'failure' });
  await ask(stage, `POST ${app}/actions/runs/9/rerun-failed-jobs`);
  await ask(stage, `PUT ${app}/actions/workflows/ci.yml/disable`);
  await ask(stage, `PUT ${app}/actions/workflows/ci.yml/enable`);
  await ask(stage, `POST ${app}/actions/runs/8/cancel`);
  await ask(stage, `POST ${app}/actions/runs/8/force-cancel`);
  await ask(stage, `GET ${app}/actions/artifacts?name=image`);
  await ask(stage, `GET ${app}/actions/artifacts/${id}`);
  await ask(stage, `GET ${app}/actions/artifacts/${id}/zip`);
  await ask(stage, `DELETE ${app}/actions/artifacts/${id}`);
}

async function peopleEndpoints(stage: Stage): Promise<void> {
  stage.github.setTeam('acme/leads', ['ada']);
  await ask(stage, 'GET /orgs/acme/teams/leads/members');
  await ask(stage, 'GET /orgs/acme/teams/leads/memberships/ada');
  await ask(stage, `GET ${app}/collaborators/ada/permission`);
  const issue = await ask(stage, `POST ${app}/issues`, {
    title: 'Audit',
    body: 'Who',
    labels: ['audit'],
    assignees: ['ada'],
  });
  await ask(stage, `PATCH ${app}/issues/${at(issue, 'number')}`, { state: 'closed', state_reason: 'completed' });
  await ask(stage, `GET ${app}/issues?state=all&labels=audit`);
}
