import { describe, expect, test } from '@jest/globals';
import { at, graphql, rest, stageWith, webTokenOf } from './support.js';

const checks = (list: object[], more: object = {}) => ({
  type: 'required_status_checks',
  parameters: { strict_required_status_checks_policy: false, required_status_checks: list, ...more },
});
const pullRule = (more: object = {}) => ({
  type: 'pull_request',
  parameters: {
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 0,
    required_review_thread_resolution: false,
    ...more,
  },
});

/** A stage with the App `gate`, a pull request, and a ruleset of `main` made over REST. */
async function guarded(ruleset: (gate: number) => { rules: object[]; bypass_actors?: object[]; enforcement?: string }) {
  const { stage, repository } = await stageWith({ a: 'a\n' });
  webTokenOf(stage, 'gate', { checks: 'write', statuses: 'write', contents: 'write', pull_requests: 'write' });
  const gate = Number(at((await rest(stage, 'GET /apps/gate')).body, 'id'));
  const ada = stage.github.issueToken({ actor: 'ada' });
  const head = await repository.commit('topic', { b: 'b\n' }, 'feat: b');
  await rest(stage, 'POST /repos/acme/app/pulls', { title: 'B', head: 'topic', base: 'main' }, ada);
  const made = await rest(stage, 'POST /repos/acme/app/rulesets', {
    name: 'guard',
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
    ...ruleset(gate),
  });
  const as = (login: string) => stage.github.issueToken({ actor: login });
  const check = (by: string, conclusion: string, sha = head) =>
    rest(stage, 'POST /repos/acme/app/check-runs', { name: 'oStack / gate', head_sha: sha, conclusion }, as(by));
  const status = (by: string, state: string) =>
    rest(stage, `POST /repos/acme/app/statuses/${head}`, { state, context: 'oStack / gate' }, as(by));
  const merge = async (by = 'ada') => {
    const { status: code, body } = await rest(stage, 'PUT /repos/acme/app/pulls/1/merge', {}, as(by));
    return code === 200 ? 'merged' : at(body, 'message');
  };
  return { stage, repository, head, gate, made, check, status, merge, as };
}

const expected = 'Required status check "oStack / gate" is expected.';

describe('a check that is required from one App', () => {
  const required = (gate: number) => ({ rules: [checks([{ context: 'oStack / gate', integration_id: gate }])] });

  test('is not made by a status, by a workflow or by another App', async () => {
    const { stage, check, status, merge } = await guarded(required);
    await using _stage = stage;
    await status('ada', 'success');
    await check('github-actions[bot]', 'success');
    await check('other[bot]', 'success');
    expect(await merge()).toBe(expected);
    await check('gate[bot]', 'success');
    expect(await merge()).toBe('merged');
  });

  test.each([
    ['success', 'merged'],
    ['neutral', 'merged'],
    ['skipped', 'merged'],
    ['failure', 'Required status check "oStack / gate" is failing.'],
    ['cancelled', 'Required status check "oStack / gate" is failing.'],
    ['action_required', 'Required status check "oStack / gate" is failing.'],
  ])('that is %s: %s', async (conclusion, outcome) => {
    const { stage, check, merge } = await guarded(required);
    await using _stage = stage;
    await check('gate[bot]', conclusion);
    await check('github-actions[bot]', 'success');
    expect(await merge()).toBe(outcome);
  });

  test('is what its newest run says', async () => {
    const { stage, check, merge } = await guarded(required);
    await using _stage = stage;
    await check('gate[bot]', 'success');
    await check('gate[bot]', 'failure');
    expect(await merge()).toBe('Required status check "oStack / gate" is failing.');
  });

  test('is required where the App is installed only', async () => {
    const { stage, made } = await guarded(() => ({ rules: [checks([{ context: 'x', integration_id: 424242 }])] }));
    await using _stage = stage;
    expect([made.status, at(made.body, 'errors', 0)]).toEqual([
      422,
      "Invalid rule 'required_status_checks': Invalid parameter required_status_checks: Invalid integration ids",
    ]);
  });
});

describe('a check that is required from anyone', () => {
  test('has to pass as a check run and as a status, where there are both', async () => {
    const { stage, check, status, merge } = await guarded(() => ({ rules: [checks([{ context: 'oStack / gate' }])] }));
    await using _stage = stage;
    await check('github-actions[bot]', 'success');
    await status('ada', 'failure');
    expect(await merge()).toBe('Required status check "oStack / gate" is failing.');
    await status('ada', 'success');
    expect(await merge()).toBe('merged');
  });
});

describe('whom a ruleset does not bind', () => {
  const rules = (gate: number) => [checks([{ context: 'oStack / gate', integration_id: gate }]), pullRule()];

  test.each([
    ['an App, always', (gate: number) => ({ actor_id: gate, actor_type: 'Integration' }), 'gate[bot]', true, true],
    [
      'an App, for pull requests',
      (gate: number) => ({ actor_id: gate, actor_type: 'Integration', bypass_mode: 'pull_request' }),
      'gate[bot]',
      true,
      false,
    ],
    ['another App', (gate: number) => ({ actor_id: gate, actor_type: 'Integration' }), 'other[bot]', false, false],
    ['an administrator', () => ({ actor_id: 5, actor_type: 'RepositoryRole' }), 'root', true, true],
    [
      'a writer by the role of an administrator',
      () => ({ actor_id: 5, actor_type: 'RepositoryRole' }),
      'ada',
      false,
      false,
    ],
    ['an owner of the organisation', () => ({ actor_id: null, actor_type: 'OrganizationAdmin' }), 'owner', true, true],
    ['a member of a team', () => ({ actor_id: 1, actor_type: 'Team' }), 'lead', true, true],
  ])('%s', async (_name, actor, login, merges, pushes) => {
    const { stage, repository, head, merge, as } = await guarded((gate) => ({
      rules: rules(gate),
      bypass_actors: [actor(gate)],
    }));
    await using _stage = stage;
    stage.github.setTeam('acme/leads', ['lead']);
    stage.github.issueToken({ actor: 'owner', administers: true });
    repository.role('root', 'admin');
    const moved = await rest(stage, 'PATCH /repos/acme/app/git/refs/heads/main', { sha: head }, as(login));
    expect(moved.status).toBe(pushes ? 200 : 422);
    if (!pushes) {
      expect(await merge(login)).toBe(merges ? 'merged' : expected);
    }
  });

  test('is never the App of GITHUB_TOKEN', async () => {
    const actions = [{ actor_id: 15368, actor_type: 'Integration' }];
    const { stage, made } = await guarded((gate) => ({ rules: rules(gate), bypass_actors: actions }));
    await using _stage = stage;
    expect([made.status, at(made.body, 'errors', 0)]).toEqual([
      422,
      'Actor GitHub Actions integration must be part of the ruleset source or owner organization',
    ]);
  });

  test('is seen by those alone who may change the ruleset', async () => {
    const { stage, made, gate } = await guarded((id) => ({
      rules: rules(id),
      bypass_actors: [{ actor_id: id, actor_type: 'Integration', bypass_mode: 'pull_request' }],
    }));
    await using _stage = stage;
    const path = `GET /repos/acme/app/rulesets/${at(made.body, 'id')}`;
    const bypass_actors = [{ actor_id: gate, actor_type: 'Integration', bypass_mode: 'pull_request' }];
    expect((await rest(stage, path)).body).toMatchObject({ bypass_actors, current_user_can_bypass: 'never' });
    const reader = stage.github.issueToken({ actor: 'gate[bot]', permissions: { contents: 'read' } });
    const seen = (await rest(stage, path, undefined, reader)).body;
    expect(seen).toMatchObject({ current_user_can_bypass: 'pull_requests_only' });
    expect(seen).not.toHaveProperty('bypass_actors');
  });
});

describe('a ruleset over REST', () => {
  test.each(['evaluate', 'disabled'])('that is "%s" binds nobody', async (enforcement) => {
    const { stage, merge } = await guarded(() => ({ rules: [checks([{ context: 'ci' }])], enforcement }));
    await using _stage = stage;
    expect((await rest(stage, 'GET /repos/acme/app/rules/branches/main')).body).toEqual([]);
    expect(await merge()).toBe('merged');
  });

  test('is shown as it was made, changed and deleted', async () => {
    const { stage, made, gate } = await guarded((id) => ({
      rules: [{ type: 'deletion' }, checks([{ context: 'ci', integration_id: id }])],
    }));
    await using _stage = stage;
    const path = `/repos/acme/app/rulesets/${at(made.body, 'id')}`;
    const rules = (await rest(stage, 'GET /repos/acme/app/rules/branches/main')).body;
    expect(rules).toMatchObject([
      { type: 'deletion', ruleset_source: 'acme/app' },
      {
        type: 'required_status_checks',
        parameters: { required_status_checks: [{ context: 'ci', integration_id: gate }] },
      },
    ]);
    const changed = await rest(stage, `PUT ${path}`, { name: 'renamed', rules: [{ type: 'update' }] });
    expect(changed.body).toMatchObject({ name: 'renamed', rules: [{ type: 'update' }], enforcement: 'active' });
    const again = { name: 'renamed', enforcement: 'active', rules: [] };
    expect((await rest(stage, 'POST /repos/acme/app/rulesets', again)).body).toMatchObject({
      errors: ['Name must be unique'],
    });
    expect((await rest(stage, `DELETE ${path}`)).status).toBe(204);
    expect((await rest(stage, `GET ${path}`)).status).toBe(404);
  });

  test.each([
    ['required_signatures', undefined, 501, 'The rule "required_signatures" is not supported by the local GitHub'],
    ['pull_request', pullRule({ require_code_owner_review: true }).parameters, 422, /knows no code owners/],
    ['required_status_checks', { required_status_checks: [] }, 422, /strict_required_status_checks_policy/],
  ])('with the rule %s that is not modelled is refused', async (type, parameters, status, message) => {
    const { stage, made } = await guarded(() => ({ rules: [{ type, parameters }] }));
    await using _stage = stage;
    expect([made.status, at(made.body, 'message')]).toEqual([
      status,
      typeof message === 'string' ? message : expect.stringMatching(message),
    ]);
  });

  test('with "update" keeps pull requests, pushes and commits of the API out', async () => {
    const { stage, repository, merge, as } = await guarded(() => ({ rules: [{ type: 'update' }] }));
    await using _stage = stage;
    expect(await merge()).toBe('Cannot update this protected ref.');
    const commit = `mutation($head: GitObjectID!) { createCommitOnBranch(input: {
      branch: { repositoryNameWithOwner: "acme/app", branchName: "main" }, expectedHeadOid: $head,
      fileChanges: { additions: [{ path: "x", contents: "eA==" }] }, message: { headline: "x" } }) { clientMutationId } }`;
    const head = (await repository.refs())['refs/heads/main'];
    expect((await graphql(stage, commit, { head }, as('ada'))).errors).toMatchObject([
      { message: 'Repository rule violations found\n\nCannot update this protected ref.' },
    ]);
  });
});

describe('reviews that a ruleset asks for', () => {
  const approve = async (stage: Awaited<ReturnType<typeof guarded>>['stage'], token: string) =>
    rest(stage, 'POST /repos/acme/app/pulls/1/reviews', { event: 'APPROVE' }, token);

  test.each([
    [false, 'merged'],
    [true, 'At least 1 approving review is required by reviewers with write access.'],
  ])('outlive a push unless stale ones are dismissed (%s)', async (dismiss, outcome) => {
    const { stage, repository, merge, as } = await guarded(() => ({
      rules: [pullRule({ required_approving_review_count: 1, dismiss_stale_reviews_on_push: dismiss })],
    }));
    await using _stage = stage;
    await approve(stage, as('bob'));
    await repository.commit('topic', { c: 'c\n' }, 'more');
    expect(await merge()).toBe(outcome);
  });

  test('come from somebody else than who pushed last, where that is asked for', async () => {
    const { stage, repository, merge, as } = await guarded(() => ({
      rules: [pullRule({ required_approving_review_count: 1, require_last_push_approval: true })],
    }));
    await using _stage = stage;
    await repository.commit('topic', { c: 'c\n' }, 'more');
    await approve(stage, as('octocat'));
    expect(await merge()).toBe('New changes require approval from someone other than the last pusher.');
    await approve(stage, as('bob'));
    expect(await merge()).toBe('merged');
  });

  test('allow the methods that it names only', async () => {
    const { stage, merge } = await guarded(() => ({ rules: [pullRule({ allowed_merge_methods: ['squash'] })] }));
    await using _stage = stage;
    expect(await merge()).toBe('Merge commits are not allowed on this repository.');
  });
});

test.each([
  [true, 'free', 403],
  [false, 'free', 200],
  [true, 'paid', 200],
] as const)('a repository that is private (%s) on the plan "%s" answers %s', async (isPrivate, plan, status) => {
  const { stage } = await stageWith();
  await using _stage = stage;
  await stage.github.createRepository('acme/small', undefined, { private: isPrivate, plan });
  const answer = await rest(stage, 'GET /repos/acme/small/rulesets');
  expect([answer.status, at(answer.body, 'message')]).toEqual([
    status,
    status === 200 ? 'undefined' : 'Upgrade to GitHub Pro or make this repository public to enable this feature.',
  ]);
});

test('somebody who may write changes no ruleset, and somebody who may read pushes nothing', async () => {
  const { stage, repository, made, as, head } = await guarded(() => ({ rules: [] }));
  await using _stage = stage;
  const path = `/repos/acme/app/rulesets/${at(made.body, 'id')}`;
  const refused = await rest(stage, `DELETE ${path}`, undefined, as('ada'));
  expect([refused.status, at(refused.body, 'message')]).toEqual([403, 'Must have admin rights to Repository.']);
  repository.role('root', 'admin');
  expect((await rest(stage, `DELETE ${path}`, undefined, as('root'))).status).toBe(204);
  repository.role('guest', 'read');
  const ref = { ref: 'refs/heads/mine', sha: head };
  expect((await rest(stage, 'POST /repos/acme/app/git/refs', ref, as('guest'))).status).toBe(403);
  expect((await rest(stage, 'POST /repos/acme/app/git/refs', ref, as('ada'))).status).toBe(201);
});
