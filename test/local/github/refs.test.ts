import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { at, rest, stageWith } from './support.js';

const treeSchema = v.object({
  tree: v.array(v.object({ path: v.string(), mode: v.string(), type: v.string(), sha: v.string() })),
});

test('an annotated tag is an object and then a ref, and the ref is made only once', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const head = (await repository.refs())['refs/heads/main'];
  const tag = await rest(stage, 'POST /repos/acme/app/git/tags', {
    tag: 'v1.0.0',
    message: 'One\n\nOstack-App: app\n',
    object: head,
    type: 'commit',
  });
  expect(tag.status).toBe(201);
  const ref = { ref: 'refs/tags/v1.0.0', sha: at(tag.body, 'sha') };
  expect((await rest(stage, 'POST /repos/acme/app/git/refs', ref)).status).toBe(201);
  const again = await rest(stage, 'POST /repos/acme/app/git/refs', ref);
  expect([again.status, at(again.body, 'message')]).toEqual([422, 'Reference already exists']);
  const read = await rest(stage, 'GET /repos/acme/app/git/ref/tags/v1.0.0');
  expect(read.body).toMatchObject({ object: { type: 'tag', sha: at(tag.body, 'sha') } });
  const object = await rest(stage, `GET /repos/acme/app/git/tags/${at(tag.body, 'sha')}`);
  expect(object.body).toMatchObject({ message: 'One\n\nOstack-App: app\n', object: { sha: head, type: 'commit' } });
});

test('a branch moves forward, and backwards only by force', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const first = (await repository.refs())['refs/heads/main'];
  const second = await repository.commit('main', { 'a.txt': 'a' }, 'second');
  const back = { sha: first };
  const refused = await rest(stage, 'PATCH /repos/acme/app/git/refs/heads/main', back);
  expect([refused.status, at(refused.body, 'message')]).toEqual([422, 'Update is not a fast forward']);
  expect((await rest(stage, 'PATCH /repos/acme/app/git/refs/heads/main', { ...back, force: true })).status).toBe(200);
  expect((await rest(stage, 'PATCH /repos/acme/app/git/refs/heads/main', { sha: second })).status).toBe(200);
  expect(await repository.read('main', 'a.txt')).toBe('a');
});

test.each([
  ['a token for another repository', { repositories: ['acme/other'] }, 404, 'Not Found'],
  [
    'a token without the permission',
    { permissions: { contents: 'read' } },
    403,
    'Resource not accessible by integration',
  ],
] as const)('%s is turned down', async (_name, grant, status, message) => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const sha = (await repository.refs())['refs/heads/main'];
  const token = stage.github.issueToken({ actor: 'ci[bot]', repositories: ['acme/app'], ...grant });
  const answer = await rest(stage, 'POST /repos/acme/app/git/refs', { ref: 'refs/heads/x', sha }, token);
  expect([answer.status, at(answer.body, 'message')]).toEqual([status, message]);
});

test('what is not supported says so with method and path', async () => {
  const { stage } = await stageWith();
  await using _stage = stage;
  const answer = await rest(stage, 'GET /repos/acme/app/stargazers');
  expect([answer.status, at(answer.body, 'message')]).toEqual([
    501,
    'GET /repos/acme/app/stargazers is not supported by the local GitHub',
  ]);
});

test('workflow files that no branch has are for a token with that permission, whatever tags have them', async () => {
  const { stage, repository } = await stageWith({ '.github/workflows/a.yml': 'on: push\n' });
  await using _stage = stage;
  const old = (await repository.refs())['refs/heads/main'];
  const contents = stage.github.issueToken({ actor: 'ci[bot]', permissions: { contents: 'write' } });
  const both = stage.github.issueToken({ actor: 'app[bot]', permissions: { contents: 'write', workflows: 'write' } });
  const tag = async (name: string, token: string) => {
    const answer = await rest(stage, 'POST /repos/acme/app/git/refs', { ref: `refs/tags/${name}`, sha: old }, token);
    return [answer.status, at(answer.body, 'message')];
  };
  expect((await tag('v1', contents))[0]).toBe(201);
  await repository.commit('main', { 'README.md': 'other\n' }, 'docs: other');
  expect((await tag('v2', contents))[0]).toBe(201);
  await repository.commit('main', { '.github/workflows/a.yml': 'on: pull_request\n' }, 'ci: other');
  expect(await tag('v3', contents)).toEqual([403, 'Resource not accessible by integration']);
  expect((await tag('v3', both))[0]).toBe(201);
});

test('a tree is made of subtrees by their ids and of files, and a commit without an author is signed by GitHub', async () => {
  const { stage, repository } = await stageWith();
  await using _stage = stage;
  const at0 = (await repository.refs())['refs/heads/main'] ?? '';
  await repository.commit('main', { 'bases/app/a.yaml': 'a\n', '.github/workflows/x.yml': 'x\n' }, 'more');
  const root = await rest(stage, 'GET /repos/acme/app/git/trees/main');
  const entries = v.parse(treeSchema, root.body).tree;
  const bases = entries.find(({ path }) => path === 'bases');
  const tree = [bases, { path: 'previews/pr-1/k.yaml', mode: '100644', type: 'blob', content: 'k\n' }];
  const made = await rest(stage, 'POST /repos/acme/app/git/trees', { tree });
  const commit = { message: 'one', tree: at(made.body, 'sha'), parents: [] };
  const { status, body } = await rest(stage, 'POST /repos/acme/app/git/commits', commit);
  expect([status, at(body, 'verification', 'verified')]).toEqual([201, 'true']);
  const ref = { ref: 'refs/heads/ostack/previews', sha: at(body, 'sha') };
  expect((await rest(stage, 'POST /repos/acme/app/git/refs', ref)).status).toBe(201);
  expect(await repository.read('ostack/previews', 'bases/app/a.yaml')).toBe('a\n');
  expect(await repository.read('ostack/previews', 'previews/pr-1/k.yaml')).toBe('k\n');
  expect(await repository.read('ostack/previews', '.github/workflows/x.yml')).toBeUndefined();
  const named = { ...commit, author: { name: 'Ada', email: 'ada@acme.dev' } };
  const byAda = await rest(stage, 'POST /repos/acme/app/git/commits', named);
  expect(at(byAda.body, 'verification', 'verified')).toBe('false');
  const wrong = await rest(stage, 'POST /repos/acme/app/git/trees', {
    tree: [{ path: 'x', mode: '040000', type: 'tree', sha: at0 }],
  });
  expect(wrong.status).toBe(422);
});
