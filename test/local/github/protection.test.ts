import { expect, test } from '@jest/globals';
import { at, graphql, rest, stageWith } from './support.js';

const app = '/repos/acme/app';

/** A repository whose `main` wants a check and an approval, and a pull request against it by someone. */
async function guarded(rule: { requiredChecks?: string[]; requiredApprovals?: number; strict?: boolean }) {
  const { stage } = await stageWith();
  const repository = await stage.github.createRepository('acme/ops', { files: { a: 'a\n' } }, { allowAutoMerge: true });
  const head = await repository.commit('topic', { b: 'b\n' }, 'feat: b');
  repository.protect('main', rule);
  const bot = stage.github.issueToken({ actor: 'bumper[bot]' });
  const { body } = await rest(stage, 'POST /repos/acme/ops/pulls', { title: 'B', head: 'topic', base: 'main' }, bot);
  return { stage, repository, head, bot, id: at(body, 'node_id') };
}

const enable = `mutation($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: SQUASH }) {
  pullRequest { mergeStateStatus autoMergeRequest { mergeMethod enabledBy { login } } }
} }`;
const look = 'query($id: ID!) { node(id: $id) { ... on PullRequest { state mergeStateStatus mergedBy { login } } } }';

test('auto-merge waits for the required check and the approval, and merges then', async () => {
  const { stage, repository, head, bot, id } = await guarded({ requiredChecks: ['ci'], requiredApprovals: 1 });
  await using _stage = stage;
  const enabled = await graphql(stage, enable, { id }, bot);
  expect(enabled.data).toEqual({
    enablePullRequestAutoMerge: {
      pullRequest: {
        mergeStateStatus: 'BLOCKED',
        autoMergeRequest: { mergeMethod: 'SQUASH', enabledBy: { login: 'bumper' } },
      },
    },
  });
  await rest(stage, `POST /repos/acme/ops/statuses/${head}`, { state: 'success', context: 'ci' });
  expect((await graphql(stage, look, { id })).data).toMatchObject({ node: { state: 'OPEN' } });
  await rest(stage, 'POST /repos/acme/ops/pulls/1/reviews', { event: 'APPROVE' });
  expect((await graphql(stage, look, { id })).data).toMatchObject({
    node: { state: 'MERGED', mergedBy: { login: 'bumper' } },
  });
  expect(await repository.read('main', 'b')).toBe('b\n');
});

test('a check run counts as a check', async () => {
  const { stage, head, bot, id } = await guarded({ requiredChecks: ['test'] });
  await using _stage = stage;
  await graphql(stage, enable, { id });
  const started = { name: 'test', head_sha: head, status: 'in_progress' };
  const run = await rest(stage, 'POST /repos/acme/ops/check-runs', started, bot);
  const done = { status: 'completed', conclusion: 'success' };
  await rest(stage, `PATCH /repos/acme/ops/check-runs/${at(run.body, 'id')}`, done, bot);
  expect((await graphql(stage, look, { id })).data).toMatchObject({ node: { state: 'MERGED' } });
});

test.each([
  ['a missing check', { requiredChecks: ['ci'] }, 'Required status check "ci" is expected.'],
  ['two missing checks', { requiredChecks: ['ci', 'lint'] }, '2 of 2 required status checks are expected.'],
  [
    'a missing approval',
    { requiredApprovals: 1 },
    'At least 1 approving review is required by reviewers with write access.',
  ],
])('%s keeps a pull request from merging', async (_name, rule, message) => {
  const { stage } = await guarded(rule);
  await using _stage = stage;
  const answer = await rest(stage, 'PUT /repos/acme/ops/pulls/1/merge', { merge_method: 'squash' });
  expect([answer.status, at(answer.body, 'message')]).toEqual([405, message]);
});

test('with "up to date before merging", a head behind its base is not merged', async () => {
  const { stage, repository, head, id } = await guarded({ requiredChecks: ['ci'], strict: true });
  await using _stage = stage;
  await repository.commit('main', { c: 'c\n' }, 'meanwhile');
  await rest(stage, `POST /repos/acme/ops/statuses/${head}`, { state: 'success', context: 'ci' });
  expect((await graphql(stage, look, { id })).data).toMatchObject({ node: { mergeStateStatus: 'BEHIND' } });
});

test('the API does not move a protected branch past its rules', async () => {
  const { stage, head, bot } = await guarded({ requiredChecks: ['ci'] });
  await using _stage = stage;
  const move = await rest(stage, 'PATCH /repos/acme/ops/git/refs/heads/main', { sha: head }, bot);
  expect([move.status, at(move.body, 'message')]).toEqual([422, 'Required status check "ci" is expected.']);
  const gone = await rest(stage, 'DELETE /repos/acme/ops/git/refs/heads/main', undefined, bot);
  expect([gone.status, at(gone.body, 'message')]).toEqual([422, 'Cannot delete this protected branch']);
});

test('only the newest of several releases marked as latest is the latest', async () => {
  const { stage } = await stageWith();
  await using _stage = stage;
  for (const [tag_name, make_latest] of [
    ['v1.0.0', 'true'],
    ['v2.0.0', 'true'],
    ['v1.0.1', 'false'],
  ]) {
    await rest(stage, `POST ${app}/releases`, { tag_name, make_latest });
  }
  expect((await rest(stage, `GET ${app}/releases/latest`)).body).toMatchObject({ tag_name: 'v2.0.0' });
  const taken = await rest(stage, `POST ${app}/releases`, { tag_name: 'v1.0.0' });
  expect([taken.status, at(taken.body, 'errors', 0, 'code')]).toEqual([422, 'already_exists']);
});
