import { expect, test } from '@jest/globals';
import { at, graphql, stageWith } from './support.js';

test('several blobs and folders of one commit come in one query', async () => {
  const { stage, repository } = await stageWith({ 'overlays/staging/app/a.yaml': 'a: 1\n', 'README.md': '# Hi\n' });
  await using _stage = stage;
  const head = (await repository.refs())['refs/heads/main'];
  const { data, errors } = await graphql(
    stage,
    `query Read($file: String!) {
      repository(owner: "acme", name: "app") {
        nameWithOwner autoMergeAllowed
        defaultBranchRef { name target { oid ... on Commit { file(path: "README.md") { object { ... on Blob { text } } } } } }
        file: object(expression: $file) { ... on Blob { text isBinary isTruncated byteSize } }
        folder: object(expression: "main:overlays/staging") { ... on Tree { entries { name type path } } }
        none: object(expression: "main:nothing") { oid }
        refs(refPrefix: "refs/heads/", first: 10) { totalCount nodes { name } }
      }
    }`,
    { file: `${head}:overlays/staging/app/a.yaml` },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    repository: {
      nameWithOwner: 'acme/app',
      autoMergeAllowed: false,
      defaultBranchRef: { name: 'main', target: { oid: head, file: { object: { text: '# Hi\n' } } } },
      file: { text: 'a: 1\n', isBinary: false, isTruncated: false, byteSize: 5 },
      folder: { entries: [{ name: 'app', type: 'tree', path: 'overlays/staging/app' }] },
      none: null,
      refs: { totalCount: 1, nodes: [{ name: 'main' }] },
    },
  });
});

test.each([
  [
    'a field GitHub does not have',
    '{ repository(owner: "acme", name: "app") { nonsense } }',
    /Cannot query field "nonsense"/,
  ],
  [
    'a field only the local GitHub lacks',
    '{ viewer { ... on User { bio } } }',
    /field User.bio is not supported by the local GitHub/,
  ],
  [
    'a repository that is not there',
    '{ repository(owner: "acme", name: "x") { id } }',
    /Could not resolve to a Repository with the name 'acme\/x'/,
  ],
  [
    'a list without a limit',
    '{ repository(owner: "acme", name: "app") { refs(refPrefix: "refs/") { totalCount } } }',
    /provide a `first` or `last` value/,
  ],
])('%s is an error', async (_name, query, message) => {
  const { stage } = await stageWith();
  await using _stage = stage;
  const { errors } = await graphql(stage, query);
  expect(at(errors, 0, 'message')).toMatch(message);
});

const commitOnBranch = `mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid message author { name } signature { isValid } } }
}`;

function commitInput(head: string | undefined, path: string) {
  return {
    branch: { repositoryNameWithOwner: 'acme/app', branchName: 'main' },
    expectedHeadOid: head,
    fileChanges: { additions: [{ path, contents: Buffer.from('new\n').toString('base64') }], deletions: [] },
    message: { headline: 'feat: new', body: 'Body' },
  };
}

test('createCommitOnBranch is a compare-and-swap on the head', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const head = (await repository.refs())['refs/heads/main'];
  const first = await graphql(stage, commitOnBranch, { input: commitInput(head, 'deep/er/a.txt') });
  expect(first.data).toMatchObject({
    createCommitOnBranch: {
      commit: { message: 'feat: new\n\nBody', author: { name: 'octocat' }, signature: { isValid: true } },
    },
  });
  expect(await repository.read('main', 'deep/er/a.txt')).toBe('new\n');
  expect(await repository.read('main', 'README.md')).toBe('# Hello\n');
  const second = await graphql(stage, commitOnBranch, { input: commitInput(head, 'b.txt') });
  expect(second).toMatchObject({
    data: { createCommitOnBranch: null },
    errors: [
      {
        type: 'STALE_DATA',
        path: ['createCommitOnBranch'],
        message: `Expected branch to point to "${head}" but it did not.  Pull and try again.`,
      },
    ],
  });
});

test('root fields of a mutation run in order, and one that fails does not stop the next', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const head = (await repository.refs())['refs/heads/main'] ?? '';
  const { data: ids } = await graphql(stage, '{ repository(owner: "acme", name: "app") { id } }');
  const id = at(ids, 'repository', 'id');
  const document = `mutation($head: GitObjectID!, $commit: CreateCommitOnBranchInput!, $id: ID!) {
    one: createRef(input: { repositoryId: $id, name: "refs/heads/bump", oid: $head }) { ref { name } }
    again: createRef(input: { repositoryId: $id, name: "refs/heads/bump", oid: $head }) { ref { name } }
    commit: createCommitOnBranch(input: $commit) { commit { messageHeadline } }
    pull: createPullRequest(input: { repositoryId: $id, baseRefName: "main", headRefName: "bump", title: "Bump" }) {
      pullRequest { number mergeable mergeStateStatus headRefName }
    }
    twice: createPullRequest(input: { repositoryId: $id, baseRefName: "main", headRefName: "bump", title: "Bump" }) { pullRequest { number } }
  }`;
  const commit = { ...commitInput(head, 'a.txt'), branch: { repositoryNameWithOwner: 'acme/app', branchName: 'bump' } };
  const { data, errors } = await graphql(stage, document, { head, id, commit });
  expect(data).toEqual({
    one: { ref: { name: 'bump' } },
    again: null,
    commit: { commit: { messageHeadline: 'feat: new' } },
    pull: { pullRequest: { number: 1, mergeable: 'MERGEABLE', mergeStateStatus: 'CLEAN', headRefName: 'bump' } },
    twice: null,
  });
  expect(errors).toMatchObject([
    {
      type: 'UNPROCESSABLE',
      path: ['again'],
      message: 'A ref named "refs/heads/bump" already exists in the repository.',
    },
    { type: 'UNPROCESSABLE', path: ['twice'], message: 'A pull request already exists for acme:bump.' },
  ]);
});

test('updateRefs moves all refs or none, each with its lease', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const first = (await repository.refs())['refs/heads/main'] ?? '';
  const second = await repository.commit('topic', { 'a.txt': 'a' }, 'a');
  const { data } = await graphql(stage, '{ repository(owner: "acme", name: "app") { id } }');
  const document = 'mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }';
  const move = (refUpdates: object[]) =>
    graphql(stage, document, {
      input: { repositoryId: at(data, 'repository', 'id'), clientMutationId: 'x', refUpdates },
    });
  const create = { name: 'refs/heads/new', beforeOid: '0'.repeat(40), afterOid: second };
  const stale = await move([create, { name: 'refs/heads/topic', beforeOid: first, afterOid: first, force: true }]);
  expect(at(stale.errors, 0, 'type')).toBe('STALE_DATA');
  expect(Object.keys(await repository.refs())).not.toContain('refs/heads/new');
  const done = await move([create, { name: 'refs/heads/topic', beforeOid: second, afterOid: '0'.repeat(40) }]);
  expect(done).toEqual({ data: { updateRefs: { clientMutationId: 'x' } } });
  expect(await repository.refs()).toEqual({ 'refs/heads/main': first, 'refs/heads/new': second });
});

test('a token without the permission gets FORBIDDEN', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const token = stage.github.issueToken({ actor: 'ci[bot]', permissions: { contents: 'read' } });
  const head = (await repository.refs())['refs/heads/main'];
  const { errors } = await graphql(stage, commitOnBranch, { input: commitInput(head, 'a.txt') }, token);
  expect(errors).toMatchObject([{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }]);
});
