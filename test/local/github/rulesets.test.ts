import { describe, expect, test } from '@jest/globals';
import type { Ruleset } from '../../../src/local/github/world/records.js';
import type { StageOptions } from '../../../src/local/stage.js';
import { at, graphql, rest, stageWith } from './support.js';

const guard = (more: Partial<Ruleset>): Ruleset => ({ target: 'branch', include: ['~ALL'], rules: {}, ...more });

async function stageUnder(ruleset: Ruleset, options: StageOptions = {}) {
  const { stage, repository } = await stageWith({ a: 'a\n' }, options);
  repository.ruleset('guard', ruleset);
  const token = stage.github.issueToken({ actor: 'bumper[bot]' });
  const head = (await repository.refs())['refs/heads/main'];
  const ask = async (target: string, body?: unknown, from = token) => {
    const { status, body: answer } = await rest(stage, `${target.replace(' ', ' /repos/acme/app')}`, body, from);
    return [status, at(answer, 'message')];
  };
  return { stage, repository, token, head, ask };
}

describe('a ruleset', () => {
  test.each([
    ['ostack/**/*', 'ostack/staging/shop', true],
    ['ostack/**/*', 'ostack/shop', true],
    ['ostack/**', 'ostack/staging/shop', false],
    ['ostack-*/**/*', 'ostack-scratch/staging/shop', true],
    ['*', 'ostack/shop', false],
    ['release/1.?', 'release/1.2', true],
    ['release/1.?', 'release/112', false],
  ])('with the pattern %s and the branch %s', async (pattern, branch, fits) => {
    const { stage, head, ask } = await stageUnder(
      guard({ exclude: [`refs/heads/${pattern}`], rules: { creation: true } }),
    );
    await using _stage = stage;
    const answer = await ask('POST /git/refs', { ref: `refs/heads/${branch}`, sha: head });
    expect(answer).toEqual(fits ? [201, 'undefined'] : [422, 'Reference update failed']);
  });

  test('does not bind whom its bypass list names', async () => {
    const tags = guard({ target: 'tag', bypass: ['releaser[bot]'], rules: { creation: true } });
    const { stage, head, ask } = await stageUnder(tags);
    await using _stage = stage;
    const body = { ref: 'refs/tags/v1.0.0', sha: head };
    expect(await ask('POST /git/refs', body)).toEqual([422, 'Reference update failed']);
    expect((await ask('POST /git/refs', body, stage.github.issueToken({ actor: 'releaser[bot]' })))[0]).toBe(201);
  });

  test.each([
    [{ update: true }, 'PATCH /git/refs/heads/topic', 'Cannot update this protected ref.'],
    [{ deletion: true }, 'DELETE /git/refs/heads/topic', 'Cannot delete this protected ref.'],
    [{ nonFastForward: true }, 'PATCH /git/refs/heads/topic', 'Cannot force-push to this branch'],
  ])('with %j refuses %s', async (rules, target, sentence) => {
    const { stage, head, repository, ask } = await stageUnder(guard({ rules }));
    await using _stage = stage;
    await repository.commit('topic', { b: 'b\n' }, 'b');
    const body = target.startsWith('PATCH') ? { sha: head, force: true } : undefined;
    expect(await ask(target, body)).toEqual([422, `Repository rule violations found\n\n${sentence}`]);
  });

  test('shows what it asks for to everybody, and an administrator no classic rule', async () => {
    const { stage, repository, token } = await stageUnder(
      guard({ rules: { pullRequest: true, requiredChecks: ['ci'] } }),
    );
    await using _stage = stage;
    repository.protect('main', { requiredChecks: ['classic'] });
    const query =
      '{ repository(owner: "acme", name: "app") { defaultBranchRef { refUpdateRule { pattern } rules(first: 9) { nodes { type } } } } }';
    const shown = async (from: string) => (await graphql(stage, query, {}, from)).data;
    const rules = { nodes: [{ type: 'PULL_REQUEST' }, { type: 'REQUIRED_STATUS_CHECKS' }] };
    expect(await shown(token)).toEqual({
      repository: { defaultBranchRef: { refUpdateRule: { pattern: 'main' }, rules } },
    });
    const admin = stage.github.issueToken({ actor: 'ada', administers: true });
    expect(await shown(admin)).toEqual({ repository: { defaultBranchRef: { refUpdateRule: null, rules } } });
  });
});

describe('merging', () => {
  const open = async (rules: Ruleset['rules'], options: StageOptions = {}) => {
    const world = await stageUnder(guard({ include: ['~DEFAULT_BRANCH'], rules }), options);
    await world.repository.commit('topic', { b: 'b\n' }, 'feat: b\n\nMore of b.');
    const { body } = await rest(
      world.stage,
      'POST /repos/acme/app/pulls',
      { title: 'B', head: 'topic', base: 'main' },
      world.token,
    );
    return { ...world, id: at(body, 'node_id') };
  };
  const state = 'query($id: ID!) { node(id: $id) { ... on PullRequest { state isInMergeQueue mergedBy { login } } } }';
  const enqueue =
    'mutation($id: ID!) { enqueuePullRequest(input: { pullRequestId: $id }) { mergeQueueEntry { state } } }';
  const auto =
    'mutation($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id, commitHeadline: "ours" }) { clientMutationId } }';

  test('is refused for some requests after a push', async () => {
    const { stage, ask, repository } = await open({}, { delays: { merge: () => 2 } });
    await using _stage = stage;
    await repository.commit('topic', { c: 'c\n' }, 'c');
    const refused = [405, 'Base branch was modified. Review and try the merge again.'];
    expect(await ask('PUT /pulls/1/merge')).toEqual(refused);
    expect((await ask('PUT /pulls/1/merge'))[0]).toBe(200);
  });

  test('is left to the merge queue, which ignores what it is told to write', async () => {
    const { stage, ask, repository, token, id } = await open({ mergeQueue: { method: 'squash' } });
    await using _stage = stage;
    expect(await ask('PUT /pulls/1/merge', { commit_title: 'ours' })).toEqual([
      405,
      'Changes must be made through the merge queue',
    ]);
    expect((await graphql(stage, auto, { id }, token)).errors).toMatchObject([
      { message: 'Auto merge is not allowed for this repository' },
    ]);
    expect((await graphql(stage, enqueue, { id }, token)).data).toEqual({
      enqueuePullRequest: { mergeQueueEntry: { state: 'AWAITING_CHECKS' } },
    });
    expect((await graphql(stage, state, { id }, token)).data).toMatchObject({
      node: { state: 'OPEN', isInMergeQueue: true },
    });
    await ask('GET /pulls/1');
    expect((await graphql(stage, state, { id }, token)).data).toEqual({
      node: { state: 'MERGED', isInMergeQueue: false, mergedBy: { login: 'github-merge-queue' } },
    });
    expect((await repository.log('main'))[0]?.message).toBe('feat: b (#1)\n\nMore of b.');
  });

  test('waits in the queue for the checks of the group', async () => {
    const { stage, repository, token, id } = await open({ mergeQueue: { method: 'merge' }, requiredChecks: ['ci'] });
    await using _stage = stage;
    const passes = (sha: string | undefined) =>
      rest(stage, `POST /repos/acme/app/statuses/${sha}`, { state: 'success', context: 'ci' });
    expect((await graphql(stage, enqueue, { id }, token)).errors).toMatchObject([
      { message: 'Required status check "ci" is expected.' },
    ]);
    await passes((await repository.refs())['refs/heads/topic']);
    await graphql(stage, enqueue, { id }, token);
    for (let count = 0; count < 5; count++) {
      expect((await graphql(stage, state, { id }, token)).data).toMatchObject({ node: { state: 'OPEN' } });
    }
    const [group] = Object.entries(await repository.refs()).filter(([name]) =>
      name.startsWith('refs/heads/gh-readonly-queue/'),
    );
    await passes(group?.[1]);
    expect((await graphql(stage, state, { id }, token)).data).toMatchObject({ node: { state: 'MERGED' } });
    expect(Object.keys(await repository.refs()).filter((name) => name.includes('queue'))).toEqual([]);
  });
});
