import { expect, test } from '@jest/globals';
import type { GitHubEvent, LocalRepository, Stage } from '../../../src/local/stage.js';
import { at, graphql, rest, stageWith } from './support.js';

async function openPull(stage: Stage, repository: LocalRepository, branch: string, files: Record<string, string>) {
  await repository.commit(branch, files, `feat: ${branch}`);
  const ids = await graphql(stage, '{ repository(owner: "acme", name: "app") { id } }');
  const { data, errors } = await graphql(
    stage,
    `mutation($id: ID!, $branch: String!) {
      createPullRequest(input: { repositoryId: $id, baseRefName: "main", headRefName: $branch, title: "Title" }) { pullRequest { id number } }
    }`,
    { id: at(ids.data, 'repository', 'id'), branch },
  );
  expect(errors).toBeUndefined();
  return at(data, 'createPullRequest', 'pullRequest', 'id');
}

const state = `query($id: ID!) { node(id: $id) { ... on PullRequest {
  state merged mergeable mergeStateStatus autoMergeRequest { mergeMethod } mergeCommit { message parents(first: 2) { totalCount } } closedAt
} } }`;

const merge = (method: string) =>
  `mutation($id: ID!, $head: GitObjectID) { mergePullRequest(input: { pullRequestId: $id, mergeMethod: ${method}, expectedHeadOid: $head }) { pullRequest { state mergeCommit { message } } } }`;

const autoMerge = `mutation($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: SQUASH }) { pullRequest { autoMergeRequest { mergeMethod } } } }`;

test.each([
  ['MERGE', 'Merge pull request #1 from acme/topic\n\nTitle'],
  ['SQUASH', 'feat: topic (#1)'],
  ['REBASE', 'feat: topic'],
])('%s makes the commit GitHub would make', async (method, message) => {
  const { stage, repository } = await stageWith({ 'a.txt': 'a\n' });
  await using _stage = stage;
  const id = await openPull(stage, repository, 'topic', { 'b.txt': 'b\n' });
  await repository.commit('main', { 'c.txt': 'c\n' }, 'meanwhile');
  const { data, errors } = await graphql(stage, merge(method), { id });
  expect(errors).toBeUndefined();
  expect(data).toEqual({ mergePullRequest: { pullRequest: { state: 'MERGED', mergeCommit: { message } } } });
  const files = await Promise.all(['a.txt', 'b.txt', 'c.txt'].map((path) => repository.read('main', path)));
  expect(files).toEqual(['a\n', 'b\n', 'c\n']);
});

test('a merge is pinned to the head commit the caller saw', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const id = await openPull(stage, repository, 'topic', { 'b.txt': 'b\n' });
  const { errors } = await graphql(stage, merge('SQUASH'), { id, head: '0123456789'.repeat(4) });
  expect(errors).toMatchObject([{ message: 'Head branch was modified. Review and try the merge again.' }]);
});

test('conflicting changes make a pull request that cannot merge', async () => {
  const { stage, repository } = await stageWith({ 'a.txt': 'a\n' });
  await using _stage = stage;
  const id = await openPull(stage, repository, 'topic', { 'a.txt': 'topic\n' });
  await repository.commit('main', { 'a.txt': 'main\n' }, 'main');
  const { data } = await graphql(stage, state, { id });
  expect(data).toMatchObject({ node: { mergeable: 'CONFLICTING', mergeStateStatus: 'DIRTY' } });
  const { errors } = await graphql(stage, merge('MERGE'), { id });
  expect(errors).toMatchObject([{ message: 'Pull Request is not mergeable' }]);
});

test('a head without a commit over its base closes the pull request', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const events: GitHubEvent[] = [];
  const id = await openPull(stage, repository, 'topic', { 'b.txt': 'b\n' });
  stage.github.on((event) => events.push(event));
  await repository.setRef('refs/heads/topic', (await repository.refs())['refs/heads/main'] ?? '');
  const { data } = await graphql(stage, state, { id });
  expect(data).toMatchObject({ node: { state: 'CLOSED', merged: false } });
  expect(events.map(({ name, action }) => `${name} ${action ?? ''}`.trim())).toEqual(['push', 'pull_request closed']);
});

test('a base that comes to hold the head has merged the pull request', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const id = await openPull(stage, repository, 'topic', { 'b.txt': 'b\n' });
  await repository.setRef('refs/heads/main', (await repository.refs())['refs/heads/topic'] ?? '');
  expect((await graphql(stage, state, { id })).data).toMatchObject({ node: { state: 'MERGED', merged: true } });
});

test('GitHub may need a moment to find out whether a pull request can merge', async () => {
  const { stage, repository } = await stageWith({ 'a.txt': 'a\n' }, { unknownMergeabilityAnswers: 2 });
  await using _stage = stage;
  const id = await openPull(stage, repository, 'topic', { 'b.txt': 'b\n' });
  const query = 'query($id: ID!) { node(id: $id) { ... on PullRequest { mergeable } } }';
  const answers: unknown[] = [];
  for (let look = 0; look < 3; look++) {
    answers.push((await graphql(stage, query, { id })).data);
  }
  expect(answers.map((data) => at(data, 'node', 'mergeable'))).toEqual(['UNKNOWN', 'UNKNOWN', 'MERGEABLE']);
});

test('an archived repository cannot be changed', async () => {
  const { stage } = await stageWith();
  await using _stage = stage;
  await stage.github.createRepository('acme/old', { files: { a: 'a' } }, { archived: true });
  const answer = await rest(stage, 'POST /repos/acme/old/labels', { name: 'x' });
  expect([answer.status, at(answer.body, 'message')]).toEqual([403, 'Repository was archived so is read-only.']);
});

test.each([
  ['a repository that does not allow it', {}, 'Auto merge is not allowed for this repository'],
  ['nothing to wait for', { allowAutoMerge: true }, 'Pull request is in clean status'],
])('auto-merge with %s is refused', async (_name, options, message) => {
  const { stage } = await stageWith();
  await using _stage = stage;
  const repository = await stage.github.createRepository('acme/other', { files: { a: 'a' } }, options);
  await repository.commit('topic', { b: 'b' }, 'b');
  const ids = await graphql(stage, '{ repository(owner: "acme", name: "other") { id } }');
  const created = await graphql(
    stage,
    `mutation($id: ID!) { createPullRequest(input: { repositoryId: $id, baseRefName: "main", headRefName: "topic", title: "T" }) { pullRequest { id } } }`,
    { id: at(ids.data, 'repository', 'id') },
  );
  const { errors } = await graphql(stage, autoMerge, {
    id: at(created.data, 'createPullRequest', 'pullRequest', 'id'),
  });
  expect(errors).toMatchObject([{ message }]);
});

test('a review that is dismissed no longer counts, and who is in a team is not for everybody to see', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const id = await openPull(stage, repository, 'topic', { 'b.txt': 'b\n' });
  const actions: (string | undefined)[] = [];
  stage.github.on(({ name, action }) => name === 'pull_request_review' && actions.push(action));
  const review =
    'mutation($id: ID!) { addPullRequestReview(input: { pullRequestId: $id, event: APPROVE }) { clientMutationId } }';
  await graphql(stage, review, { id }, stage.github.issueToken({ actor: 'grace' }));
  const latest =
    'query($id: ID!) { node(id: $id) { ... on PullRequest { latestOpinionatedReviews(first: 9) { nodes { id state } } } } }';
  const given = await graphql(stage, latest, { id });
  const dismiss =
    'mutation($id: ID!) { dismissPullRequestReview(input: { pullRequestReviewId: $id, message: "stale" }) { clientMutationId } }';
  const first = at(given.data, 'node', 'latestOpinionatedReviews', 'nodes', 0, 'id');
  expect((await graphql(stage, dismiss, { id: first })).errors).toBeUndefined();
  const { data } = await graphql(stage, latest, { id });
  expect(data).toMatchObject({ node: { latestOpinionatedReviews: { nodes: [{ state: 'DISMISSED' }] } } });
  expect(actions).toEqual(['submitted', 'dismissed']);
  expect((await graphql(stage, dismiss, { id: first })).errors).toMatchObject([
    { message: 'Can not dismiss a dismissed pull request review' },
  ]);

  stage.github.setTeam('acme/leads', ['grace', 'linus']);
  const members = '{ organization(login: "acme") { team(slug: "leads") { members(first: 9) { nodes { login } } } } }';
  const seen = await graphql(stage, members, {}, stage.github.issueToken({ permissions: { members: 'read' } }));
  expect(seen.data).toEqual({
    organization: { team: { members: { nodes: [{ login: 'grace' }, { login: 'linus' }] } } },
  });
  const unseen = await graphql(stage, members, {}, stage.github.issueToken({ permissions: { contents: 'write' } }));
  expect(unseen.errors).toMatchObject([{ message: 'Resource not accessible by integration' }]);
});
