import { expect, test } from '@jest/globals';
import type { GitHubEvent, Stage } from '../../../src/local/stage.js';
import { watchDescription } from '../../support/github-description.js';
import { at, graphql, rest, stageWith } from './support.js';

/** A public repository, a fork of it with one commit more, and the token of the fork's owner. */
async function forked() {
  const { stage } = await stageWith();
  const repository = await stage.github.createRepository('acme/open', { files: { a: '1\n' } }, { private: false });
  const fork = await stage.github.fork('acme/open', 'mallory/open');
  await fork.commit('topic', { b: '2\n' }, 'feat: from outside');
  const token = stage.github.issueToken({ actor: 'mallory', repositories: ['mallory/open'] });
  return { stage, repository, fork, token };
}

const open = (stage: Stage, token: string, head = 'mallory:topic') =>
  rest(stage, 'POST /repos/acme/open/pulls', { title: 'Topic', head, base: 'main' }, token);

test('a fork has the branches and tags of its parent, an owner of its own, and says what it is', async () => {
  const { stage, repository } = await forked();
  await using _stage = stage;
  const problems = watchDescription(stage);
  const { body } = await rest(stage, 'GET /repos/mallory/open');
  expect([at(body, 'fork'), at(body, 'owner', 'type'), at(body, 'default_branch')]).toEqual(['true', 'User', 'main']);
  expect(at((await rest(stage, `GET /repos/${repository.name}`)).body, 'forks_count')).toBe('1');
  expect(problems).toEqual([]);
});

test('its owner opens a pull request without any right on the repository, which gets head and merge refs', async () => {
  const { stage, repository, fork, token } = await forked();
  await using _stage = stage;
  const problems = watchDescription(stage);
  const events: GitHubEvent[] = [];
  stage.github.on((event) => events.push(event));
  const { status, body } = await open(stage, token);
  expect(status).toBe(201);
  expect([at(body, 'head', 'label'), at(body, 'head', 'repo', 'fork'), at(body, 'base', 'label')]).toEqual([
    'mallory:topic',
    'true',
    'acme:main',
  ]);
  const tip = (await fork.refs())['refs/heads/topic'];
  const refs = await repository.refs();
  expect(refs['refs/pull/1/head']).toBe(tip);
  expect(await repository.read('refs/pull/1/merge', 'b')).toBe('2\n');
  expect(Object.keys(refs)).not.toContain('refs/heads/topic');
  expect(events.map(({ name, repository: of, actor }) => [name, of, actor])).toEqual([
    ['pull_request', 'acme/open', 'mallory'],
  ]);
  expect(problems).toEqual([]);
});

test('may do nothing else there with it', async () => {
  const { stage, token } = await forked();
  await using _stage = stage;
  await open(stage, token);
  const refused = await Promise.all([
    rest(stage, 'PUT /repos/acme/open/pulls/1/merge', {}, token),
    rest(stage, 'POST /repos/acme/open/issues/1/labels', { labels: ['preview'] }, token),
    rest(stage, 'POST /repos/acme/open/pulls', { title: 'T', head: 'main', base: 'main' }, token),
  ]);
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
});

test('new commits on the fork arrive, and the merge ref follows', async () => {
  const { stage, repository, fork, token } = await forked();
  await using _stage = stage;
  await open(stage, token);
  const events: GitHubEvent[] = [];
  stage.github.on((event) => events.push(event));
  const tip = await fork.commit('topic', { b: '3\n' }, 'fix: again');
  expect((await repository.refs())['refs/pull/1/head']).toBe(tip);
  expect(await repository.read('refs/pull/1/merge', 'b')).toBe('3\n');
  expect(events.map(({ name, action, repository: of }) => [name, action, of])).toEqual([
    ['push', undefined, 'mallory/open'],
    ['pull_request', 'synchronize', 'acme/open'],
  ]);
});

test('is closed with its branch, and merged like any other, keeping the branch of the fork', async () => {
  const { stage, repository, fork, token } = await forked();
  await using _stage = stage;
  await open(stage, token);
  const merged = await rest(stage, 'PUT /repos/acme/open/pulls/1/merge', {});
  expect(merged.status).toBe(200);
  const [last] = await repository.log('main');
  expect(last?.message).toBe('Merge pull request #1 from mallory/topic\n\nTopic');
  await fork.commit('other', { c: '4\n' }, 'feat: other');
  await open(stage, token, 'mallory:other');
  await fork.setRef('refs/heads/other', null);
  const { body } = await rest(stage, 'GET /repos/acme/open/pulls/2');
  expect([at(body, 'state'), at(body, 'merged')]).toEqual(['closed', 'false']);
  expect(Object.keys(await fork.refs())).toContain('refs/heads/topic');
});

test('is not confused with a branch of the same name in the repository', async () => {
  const { stage, repository, token } = await forked();
  await using _stage = stage;
  await repository.commit('topic', { d: '5\n' }, 'feat: from inside');
  await open(stage, token);
  await open(stage, stage.token, 'topic');
  const { body } = await rest(stage, 'GET /repos/acme/open/pulls?head=mallory:topic');
  expect(at(body, 0, 'number')).toBe('1');
  const { data, errors } = await graphql(
    stage,
    `{ repository(owner: "acme", name: "open") { isFork pullRequests(first: 5, headRefName: "topic") { nodes {
      number isCrossRepository headRepositoryOwner { login } headRepository { nameWithOwner isFork } headRef { name } authorAssociation
    } } } }`,
  );
  expect(errors).toBeUndefined();
  const seen = { headRef: { name: 'topic' } };
  expect(data).toEqual({
    repository: {
      isFork: false,
      pullRequests: {
        nodes: [
          {
            ...seen,
            number: 1,
            isCrossRepository: true,
            headRepositoryOwner: { login: 'mallory' },
            headRepository: { nameWithOwner: 'mallory/open', isFork: true },
            authorAssociation: 'FIRST_TIME_CONTRIBUTOR',
          },
          {
            ...seen,
            number: 2,
            isCrossRepository: false,
            headRepositoryOwner: { login: 'acme' },
            headRepository: { nameWithOwner: 'acme/open', isFork: false },
            authorAssociation: 'MEMBER',
          },
        ],
      },
    },
  });
});

test('can be opened through GraphQL, from the fork by its id', async () => {
  const { stage, token } = await forked();
  await using _stage = stage;
  const ids = await graphql(
    stage,
    '{ base: repository(owner: "acme", name: "open") { id } head: repository(owner: "mallory", name: "open") { id } }',
  );
  const { data, errors } = await graphql(
    stage,
    `mutation($base: ID!, $head: ID!) { createPullRequest(input: {
      repositoryId: $base, headRepositoryId: $head, baseRefName: "main", headRefName: "topic", title: "T"
    }) { pullRequest { isCrossRepository author { login } } } }`,
    { base: at(ids.data, 'base', 'id'), head: at(ids.data, 'head', 'id') },
    token,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    createPullRequest: { pullRequest: { isCrossRepository: true, author: { login: 'mallory' } } },
  });
});

test.each([
  ['nobody:topic', 422],
  ['mallory:none', 422],
])('from %s is refused', async (head, status) => {
  const { stage } = await forked();
  await using _stage = stage;
  expect((await open(stage, stage.token, head)).status).toBe(status);
});

test('has times of pushes and labels that do not depend on commit dates', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const { stage } = await stageWith(undefined, { now: () => new Date(now) });
  await using _stage = stage;
  await stage.github.createRepository('acme/open', { files: { a: '1\n' } }, { private: false });
  const fork = await stage.github.fork('acme/open', 'mallory/open');
  const tip = await fork.commit('topic', { b: '2\n' }, 'feat: x');
  await open(stage, stage.token);
  now += 60_000;
  await rest(stage, 'POST /repos/acme/open/issues/1/labels', { labels: ['preview'] });
  const { body } = await rest(stage, 'GET /repos/mallory/open/activity?ref=topic');
  expect([at(body, 0, 'after'), at(body, 0, 'timestamp'), at(body, 0, 'activity_type')]).toEqual([
    tip,
    '2026-01-01T00:00:00Z',
    'branch_creation',
  ]);
  const { data, errors } = await graphql(
    stage,
    `{ repository(owner: "acme", name: "open") { pullRequest(number: 1) { timelineItems(last: 9, itemTypes: [LABELED_EVENT]) { nodes {
      __typename ... on LabeledEvent { createdAt label { name } actor { login } }
    } } } } }`,
  );
  expect(errors).toBeUndefined();
  const labelled = { __typename: 'LabeledEvent', createdAt: '2026-01-01T00:01:00Z', label: { name: 'preview' } };
  const nodes = [{ ...labelled, actor: { login: 'octocat' } }];
  expect(data).toEqual({ repository: { pullRequest: { timelineItems: { nodes } } } });
});
