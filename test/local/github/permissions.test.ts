import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLInputField, getNamedType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import { mutationRoot } from '../../../src/local/github/graphql/mutations/root.js';
import { githubSchema } from '../../../src/local/github/graphql/schema.js';
import { restRoutes } from '../../../src/local/github/rest/routes.js';
import type { Stage } from '../../../src/local/stage.js';
import { at, graphql, rest, stageWith } from './support.js';

let stage: Stage;
/** Sees the repository, which is private, and may do nothing in it. */
let token: string;
let ids: Record<string, string>;

beforeAll(async () => {
  const world = await stageWith();
  stage = world.stage;
  token = stage.github.issueToken({ actor: 'ci[bot]', repositories: ['acme/app'], permissions: {} });
  await world.repository.commit('topic', { 'a.txt': 'a\n' }, 'feat: a');
  await rest(stage, 'POST /repos/acme/app/pulls', { head: 'topic', base: 'main', title: 'a' });
  await rest(stage, 'POST /repos/acme/app/issues/1/labels', { labels: ['x'] });
  await rest(stage, 'POST /repos/acme/app/issues/1/comments', { body: 'x' });
  await rest(stage, 'POST /repos/acme/app/issues', { title: 'an issue' });
  await rest(stage, 'POST /repos/acme/app/deployments', { ref: 'topic', auto_merge: false, required_contexts: [] });
  const pulls = await graphql(stage, '{ repository(owner: "acme", name: "app") { pullRequest(number: 1) { id } } }');
  await graphql(
    stage,
    'mutation ($id: ID!) { addPullRequestReview(input: { pullRequestId: $id, event: COMMENT, body: "x" }) { clientMutationId } }',
    { id: at(pulls.data, 'repository', 'pullRequest', 'id') },
  );
  const found = await graphql(
    stage,
    `{ viewer { id } repository(owner: "acme", name: "app") { id deployments(first: 1) { nodes { id } } ref(qualifiedName: "refs/heads/topic") { id }
      label(name: "x") { id } pullRequest(number: 1) { id comments(first: 1) { nodes { id } } reviews(first: 1) { nodes { id } } } } }`,
  );
  const { data } = found;
  const pull = at(data, 'repository', 'pullRequest', 'id');
  ids = {
    repositoryId: at(data, 'repository', 'id'),
    refId: at(data, 'repository', 'ref', 'id'),
    id: at(data, 'repository', 'pullRequest', 'comments', 'nodes', 0, 'id'),
    pullRequestReviewId: at(data, 'repository', 'pullRequest', 'reviews', 'nodes', 0, 'id'),
    labelIds: at(data, 'repository', 'label', 'id'),
    deploymentId: at(data, 'repository', 'deployments', 'nodes', 0, 'id'),
    assigneeIds: at(data, 'viewer', 'id'),
    ...{ pullRequestId: pull, subjectId: pull, labelableId: pull, assignableId: pull },
  };
});
afterAll(() => stage.close());

const ofRepositories = restRoutes
  .filter(({ template }) => template.startsWith('/repos/{owner}/{repo}/') && !template.endsWith('/installation'))
  // Everyone who sees a repository sees its rules and who is what in it.
  .filter(({ method, template }) => method !== 'GET' || !/\/(rule(set)?s|collaborators)(\/|$)/.test(template))
  .map(({ method, template }) => `${method} ${template}`);

describe('a token without permissions', () => {
  test.each(ofRepositories)('is refused by %s', async (route) => {
    const target = route
      .replace('{owner}/{repo}', 'acme/app')
      .replace(/\{(basehead)\+\}/, 'main...topic')
      .replace(/\{(ref|branch)\+\}/, 'main')
      .replace(/\{\w+\+?\}/g, '1');
    const body = { title: 'b', head: 'topic', base: 'main' };
    const answer = await rest(stage, target, route.startsWith('GET') ? undefined : body, token);
    expect([answer.status, at(answer.body, 'message')]).toEqual([403, 'Resource not accessible by integration']);
  });

  test('is refused by every mutation', async () => {
    const type = githubSchema().getMutationType();
    const root: object = Reflect.apply(mutationRoot, undefined, [{}]);
    const names = Object.keys(root);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      const inputType = getNamedType(type?.getFields()[name]?.args[0]?.type);
      const fields = isInputObjectType(inputType) ? Object.values(inputType.getFields()) : [];
      const input = Object.fromEntries(fields.filter(isNeeded).map((field) => [field.name, sample(field)]));
      // Its `id` is a pull request's, and the other names its review without being made to.
      const more: Record<string, object> = {
        dequeuePullRequest: { id: ids.pullRequestId },
        // Here a comment's, as of whoever reacts to a command.
        addReaction: { subjectId: ids.id },
        submitPullRequestReview: { pullRequestReviewId: ids.pullRequestReviewId },
      };
      Object.assign(input, more[name]);
      const document = `mutation Try($input: ${inputType}!) { ${name}(input: $input) { clientMutationId } }`;
      const answer = await graphql(stage, document, { input }, token);
      expect([name, at(answer.errors, 0, 'message')]).toEqual([name, 'Resource not accessible by integration']);
    }
  });

  test.each([
    'pullRequests(first: 1) { totalCount }',
    'issues(first: 1) { totalCount }',
    'deployments(first: 1) { totalCount }',
    'releases(first: 1) { totalCount }',
    'labels(first: 1) { totalCount }',
    'label(name: "x") { id }',
    'ref(qualifiedName: "refs/heads/main") { id }',
    'refs(refPrefix: "refs/heads/", first: 1) { totalCount }',
    'object(expression: "main") { oid }',
    'defaultBranchRef { name }',
  ])('reads nothing of %s', async (field) => {
    const answer = await graphql(stage, `{ repository(owner: "acme", name: "app") { ${field} } }`, {}, token);
    expect(at(answer.errors, 0, 'message')).toBe('Resource not accessible by integration');
  });

  test('reads no pull request by its id', async () => {
    const answer = await graphql(stage, `{ node(id: "${ids.pullRequestId}") { id } }`, {}, token);
    expect(at(answer.errors, 0, 'message')).toBe('Resource not accessible by integration');
  });
});

test.each<[permissions: Record<string, 'read'>, titles: string[]]>([
  [{ issues: 'read' }, ['an issue']],
  [{ pull_requests: 'read' }, ['a']],
  [{ issues: 'read', pull_requests: 'read' }, ['an issue', 'a']],
])('a token with %p is told in the list of issues of nothing else', async (permissions, titles) => {
  const narrow = stage.github.issueToken({ actor: 'ci[bot]', repositories: ['acme/app'], permissions });
  const { body } = await rest(stage, 'GET /repos/acme/app/issues', undefined, narrow);
  expect((Array.isArray(body) ? body : []).map((each) => at(each, 'title'))).toEqual(titles);
});

function isNeeded({ name, type }: GraphQLInputField): boolean {
  return isNonNullType(type) || name === 'event';
}

/** A value of the field's type; ids are those of things that are there. */
function sample({ name, type }: GraphQLInputField): unknown {
  const known = ids[name];
  const bare = isNonNullType(type) ? type.ofType : type;
  if (known !== undefined) {
    return isListType(bare) ? [known] : known;
  }
  if (name === 'branch') {
    return { repositoryNameWithOwner: 'acme/app', branchName: 'topic' };
  }
  if (name === 'message' && isInputObjectType(bare)) {
    return { headline: 'x' };
  }
  if (isListType(bare)) {
    return [];
  }
  const samples: Record<string, unknown> = {
    ...{ event: 'APPROVE', state: 'SUCCESS', oid: 'a'.repeat(40), expectedHeadOid: 'a'.repeat(40) },
    ...{ baseRefName: 'main', headRefName: 'topic', content: 'EYES' },
  };
  return samples[name] ?? 'x';
}
