import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { at, graphql, rest, stageWith, webToken, webTokenOf } from './support.js';

const now = () => Math.floor(Date.now() / 1000);
const otherKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();

/** A stage with an App on one of two repositories, and the tokens that it takes. */
async function installed(permissions: Record<string, 'read' | 'write' | 'admin'> = { checks: 'write' }) {
  const { stage, repository } = await stageWith();
  await stage.github.createRepository('acme/other');
  const { token, installation, clientId } = webTokenOf(stage, 'gate', permissions);
  const take = (body: object = {}) => rest(stage, `POST /app/installations/${installation}/access_tokens`, body, token);
  const head = (await repository.refs())['refs/heads/main'];
  const check = async (more: object, from: string) => {
    const body = { name: 'gate', head_sha: head, ...more };
    const answer = await rest(stage, 'POST /repos/acme/app/check-runs', body, from);
    return { status: answer.status, id: at(answer.body, 'id'), message: at(answer.body, 'message') };
  };
  return { stage, repository, token, installation, clientId, take, check, head };
}

describe('an App', () => {
  test('takes tokens of its installation with all that it was granted, or less', async () => {
    const { stage, take } = await installed({ checks: 'write', contents: 'read' });
    await using _stage = stage;
    const all = await take();
    expect(all.status).toBe(201);
    expect(all.body).toMatchObject({
      permissions: { checks: 'write', contents: 'read', metadata: 'read' },
      repository_selection: 'selected',
    });
    const less = await take({ permissions: { checks: 'read' }, repositories: ['app'] });
    expect(less.body).toMatchObject({ permissions: { checks: 'read', metadata: 'read' } });
    const tried = await rest(stage, 'GET /repos/acme/app/contents/README.md', undefined, at(less.body, 'token'));
    expect([tried.status, at(tried.body, 'message')]).toEqual([403, 'Resource not accessible by integration']);
    expect((await rest(stage, 'GET /repos/acme/other', undefined, at(all.body, 'token'))).status).toBe(404);
  });

  test.each([
    [{ permissions: { contents: 'read' } }, 'The permissions requested are not granted to this installation.'],
    [{ permissions: { checks: 'admin' } }, 'The permissions requested are not granted to this installation.'],
    [
      { repositories: ['other'] },
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    ],
    [
      { repositories: ['nowhere'] },
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    ],
  ])('is refused a token for %j', async (body, message) => {
    const { stage, take } = await installed();
    await using _stage = stage;
    const answer = await take(body);
    expect([answer.status, at(answer.body, 'message')]).toEqual([422, message]);
  });

  test('that names no permissions has none', async () => {
    const { stage, take, check } = await installed({});
    await using _stage = stage;
    const made = await take();
    expect(made.body).toMatchObject({ permissions: { metadata: 'read' } });
    expect((await check({}, at(made.body, 'token'))).status).toBe(403);
  });

  test('loses its tokens with its installation, and one that it gives back', async () => {
    const { stage, take, token, installation } = await installed({ contents: 'read' });
    await using _stage = stage;
    const [first, second] = [at((await take()).body, 'token'), at((await take()).body, 'token')];
    const look = async (from: string) => (await rest(stage, 'GET /repos/acme/app', undefined, from)).status;
    expect((await rest(stage, 'DELETE /installation/token', undefined, first)).status).toBe(204);
    expect([await look(first), await look(second)]).toEqual([401, 200]);
    expect((await rest(stage, `DELETE /app/installations/${installation}`, undefined, token)).status).toBe(204);
    expect(await look(second)).toBe(401);
    expect((await rest(stage, 'GET /repos/acme/app/installation', undefined, token)).status).toBe(404);
  });

  test.each([
    ['an issuer that is no App', { iss: 'Iv1.nobody' }, undefined, 404, 'Integration not found'],
    ['another key', {}, otherKey(), 401, 'A JSON web token could not be decoded'],
    ['no issuer', { iss: undefined }, undefined, 401, "Missing 'issuer' claim ('iss') in assertion."],
    [
      'an end too far away',
      { exp: now() + 700 },
      undefined,
      401,
      "'Expiration time' claim ('exp') is too far in the future",
    ],
    [
      'an end in the past',
      { exp: now() - 1 },
      undefined,
      401,
      /^'Expiration time' claim \('exp'\) must be a numeric value/,
    ],
    ['a start in the future', { iat: now() + 100 }, undefined, 401, /^'Issued at' claim \('iat'\) must be an Integer/],
  ])('does not sign in with %s', async (_name, claims, key, status, message) => {
    const { stage, clientId } = await installed();
    await using _stage = stage;
    const token = webToken({ iss: clientId, iat: now() - 60, exp: now() + 300, ...claims }, key);
    const answer = await rest(stage, 'GET /app', undefined, token);
    expect([answer.status, at(answer.body, 'message')]).toEqual([
      status,
      typeof message === 'string' ? message : expect.stringMatching(message),
    ]);
  });

  test('signed in as itself, does nothing in repositories, and nobody else reads what is its own', async () => {
    const { stage, token, installation } = await installed();
    await using _stage = stage;
    expect((await rest(stage, 'GET /repos/acme/app', undefined, token)).status).toBe(404);
    for (const path of ['/app', '/app/installations', `/app/installations/${installation}`]) {
      expect((await rest(stage, `GET ${path}`)).status).toBe(401);
    }
  });
});

describe('a check run', () => {
  test('belongs to the App of the token, and only that App changes it', async () => {
    const { stage, take, check, head } = await installed();
    await using _stage = stage;
    const gate = at((await take()).body, 'token');
    const workflow = stage.github.issueToken({ actor: 'github-actions[bot]' });
    const [mine, forged] = [
      await check({ status: 'in_progress' }, gate),
      await check({ conclusion: 'success' }, workflow),
    ];
    const change = { conclusion: 'success' };
    const refused = await rest(stage, `PATCH /repos/acme/app/check-runs/${mine.id}`, change, workflow);
    expect([refused.status, at(refused.body, 'message')]).toEqual([
      403,
      expect.stringMatching(
        /^Invalid app_id `\d+` - check run can only be modified by the GitHub App that created it\.$/,
      ),
    ]);
    expect((await rest(stage, `PATCH /repos/acme/app/check-runs/${mine.id}`, change, gate)).status).toBe(200);
    const list = async (query: string) =>
      (await rest(stage, `GET /repos/acme/app/commits/${head}/check-runs?${query}`)).body;
    expect(await list('app_id=15368')).toMatchObject({
      total_count: 1,
      check_runs: [{ id: Number(forged.id), app: { slug: 'github-actions', name: 'GitHub Actions', id: 15368 } }],
    });
    expect(await list('check_name=gate')).toMatchObject({ total_count: 2 });
    const rollup = await graphql(
      stage,
      '{ repository(owner: "acme", name: "app") { object(expression: "main") { ... on Commit { statusCheckRollup { contexts(first: 9) { nodes { ... on CheckRun { checkSuite { app { slug databaseId } } } } } } } } } }',
    );
    expect(JSON.stringify(rollup.data)).toContain('{"slug":"github-actions","databaseId":15368}');
  });

  test('of a name takes the place of the older one of the App', async () => {
    const { stage, take, check, head } = await installed();
    await using _stage = stage;
    const gate = at((await take()).body, 'token');
    await check({ conclusion: 'success' }, gate);
    const second = await check(
      { conclusion: 'failure', external_id: 'two', details_url: 'https://example.test/' },
      gate,
    );
    const list = async (query: string) =>
      (await rest(stage, `GET /repos/acme/app/commits/${head}/check-runs${query}`)).body;
    expect(await list('')).toMatchObject({
      total_count: 1,
      check_runs: [{ id: Number(second.id), external_id: 'two', details_url: 'https://example.test/' }],
    });
    expect(await list('?filter=all')).toMatchObject({ total_count: 2 });
  });

  test('that is taken up again has no conclusion', async () => {
    const { stage, take, check } = await installed();
    await using _stage = stage;
    const gate = at((await take()).body, 'token');
    const { id } = await check({ conclusion: 'success' }, gate);
    const again = await rest(stage, `PATCH /repos/acme/app/check-runs/${id}`, { status: 'in_progress' }, gate);
    expect(again.body).toMatchObject({ status: 'in_progress', conclusion: null, completed_at: null });
  });

  test('is not for people', async () => {
    const { stage, check } = await installed();
    await using _stage = stage;
    expect(await check({}, stage.token)).toMatchObject({
      status: 403,
      message: 'You must authenticate via a GitHub App.',
    });
  });
});
