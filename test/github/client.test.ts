import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect, type GitHub } from '../../src/github/client.js';
import { attempt, isRequestFailure } from '../../src/github/errors.js';

const TOKEN = 'ghs_not_to_be_seen';
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) {
    close();
  }
});

type Answer = { status: number; body?: unknown; headers?: Record<string, string> } | 'reset' | 'silence' | 'half';

/** A server that gives one answer after the other and keeps the last. */
async function serving(...answers: Answer[]): Promise<{ github: GitHub; seen: string[]; base: string }> {
  const seen: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)] ?? 'reset';
    seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    request.resume();
    if (answer === 'silence') {
      return;
    }
    if (answer === 'half') {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': '1000' });
      response.write('{"full_name": "ac', () => request.socket.destroy());
      return;
    }
    if (answer === 'reset') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const github = connect({
    token: TOKEN,
    apiUrl: `${base}/api/v3`,
    graphqlUrl: `${base}/api/graphql`,
    retry: { baseMs: 1, attempts: 3, longestMs: 1500 },
    timeoutMs: 1000,
  });
  return { github, seen, base };
}

const repository = { owner: 'acme', repo: 'ops' };
const operation = { doing: 'read the repository', repository: 'acme/ops', permission: 'contents: read' };

describe('connect', () => {
  test.each<[string, Answer]>([
    ['a 502', { status: 502 }],
    ['a 503', { status: 503 }],
    ['a broken connection', 'reset'],
    ['an answer that broke off', 'half'],
    ['no answer for too long', 'silence'],
    [
      'a secondary rate limit',
      { status: 403, body: { message: 'secondary rate limit' }, headers: { 'retry-after': '0' } },
    ],
    ['a 429', { status: 429, headers: { 'retry-after': '0' } }],
  ])('sends a read again after %s', async (_name, failure) => {
    const { github, seen } = await serving(failure, { status: 200, body: { full_name: 'acme/ops' } });
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}', repository);
    expect(data.full_name).toBe('acme/ops');
    expect(seen).toHaveLength(2);
  });

  test.each([401, 403, 404, 422])('takes a %i as final', async (status) => {
    const { github, seen } = await serving({ status, body: { message: 'no' } });
    await expect(github.octokit.request('GET /repos/{owner}/{repo}', repository)).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  test('stops after its attempts', async () => {
    const { github, seen } = await serving({ status: 502 });
    await expect(github.octokit.request('GET /repos/{owner}/{repo}', repository)).rejects.toThrow();
    expect(seen).toHaveLength(3);
  });

  test('does not wait longer than allowed for a rate limit', async () => {
    const { github, seen } = await serving({ status: 429, headers: { 'retry-after': '3600' } });
    await expect(github.octokit.request('GET /repos/{owner}/{repo}', repository)).rejects.toThrow();
    expect(seen).toHaveLength(1);
  });

  test('never repeats a comment whose fate is unknown, and repeats the creation of a ref', async () => {
    const comment = await serving('reset');
    await expect(
      comment.github.octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...repository,
        issue_number: 1,
        body: 'hello',
      }),
    ).rejects.toThrow();
    expect(comment.seen).toHaveLength(1);
    const ref = await serving('reset', { status: 201, body: { ref: 'refs/tags/v1' } });
    await ref.github.octokit.request('POST /repos/{owner}/{repo}/git/refs', {
      ...repository,
      ref: 'refs/tags/v1',
      sha: 'a'.repeat(40),
    });
    expect(ref.seen).toHaveLength(2);
  });

  test.each<Answer>([{ status: 502 }, 'half', 'silence'])(
    'repeats a GraphQL query and not a mutation: %j',
    async (trouble) => {
      const query = await serving(trouble, { status: 200, body: { data: { viewer: { login: 'x' } } } });
      await query.github.query(v.object({ viewer: v.object({ login: v.string() }) }), '{ viewer { login } }');
      expect(query.seen.map((line) => line.split(' ')[1])).toEqual(['/api/graphql', '/api/graphql']);
      const mutation = await serving(trouble);
      await expect(mutation.github.query(v.any(), 'mutation { x }')).rejects.toThrow();
      expect(mutation.seen).toHaveLength(1);
    },
  );

  test.each([
    ["GitHub's own time-out", { message: 'Something went wrong while executing your query. Please include `X`' }],
    ['a rate limit', { message: 'API rate limit exceeded', type: 'RATE_LIMITED' }],
    ['a secondary limit', { message: 'You have exceeded a secondary rate limit. Please wait a few minutes.' }],
  ])('sends a query again whose answer is %s', async (_name, error) => {
    const failed: Answer = { status: 200, body: { data: null, errors: [error] }, headers: { 'retry-after': '0' } };
    const { github, seen } = await serving(failed, { status: 200, body: { data: { viewer: { login: 'x' } } } });
    await github.query(v.object({ viewer: v.object({ login: v.string() }) }), '{ viewer { login } }');
    expect(seen).toHaveLength(2);
  });

  test('sends the token to no other host', async () => {
    const { github } = await serving({ status: 200 });
    const other = await serving({ status: 200 });
    await expect(github.octokit.request(`GET ${other.base}/steal`)).rejects.toThrow(/Refused to send the token/);
    expect(other.seen).toEqual([]);
  });

  test('gives the parts of a document that succeeded, with the errors of the others', async () => {
    const { github } = await serving({
      status: 200,
      body: { data: { a: { id: '1' }, b: null }, errors: [{ message: 'stale', type: 'STALE_DATA', path: ['b'] }] },
    });
    const part = v.nullable(v.object({ id: v.string() }));
    const { data, errors } = await github.queryParts(v.object({ a: part, b: part }), 'mutation { x }');
    expect(data).toEqual({ a: { id: '1' }, b: null });
    expect(errors).toEqual([{ message: 'stale', type: 'STALE_DATA', path: ['b'] }]);
  });

  test('says where an answer does not fit', async () => {
    const { github } = await serving({ status: 200, body: { data: { viewer: { login: 7 } } } });
    const schema = v.object({ viewer: v.object({ login: v.string() }) });
    await expect(github.query(schema, '{ viewer { login } }')).rejects.toThrow(/does not fit at "viewer.login"/);
  });
});

describe('a failure in words', () => {
  test.each<[string, Answer]>([
    ['a bad token', { status: 401, body: { message: 'Bad credentials' } }],
    [
      'a missing permission',
      {
        status: 403,
        body: { message: 'Resource not accessible by integration' },
        headers: { 'x-accepted-github-permissions': 'contents=write' },
      },
    ],
    ['a repository out of reach', { status: 404, body: { message: 'Not Found' } }],
    [
      'a refused value',
      {
        status: 422,
        body: {
          message: 'Validation Failed',
          errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }],
        },
      },
    ],
    ['a used-up rate limit', { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '3600' } }],
    ['an outage', { status: 503, body: { message: 'unicorn' } }],
  ])('explains %s', async (_name, failure) => {
    const { github } = await serving(failure);
    const error: unknown = await attempt(operation, () =>
      github.octokit.request('GET /repos/{owner}/{repo}', repository),
    ).catch((thrown: unknown) => thrown);
    expect(error instanceof Error ? error.message : '').toMatchSnapshot();
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(TOKEN);
  });

  test.each(['NOT_FOUND', 'FORBIDDEN', 'UNPROCESSABLE'])('explains the GraphQL error %s', async (type) => {
    const { github } = await serving({ status: 200, body: { data: null, errors: [{ type, message: 'said GitHub' }] } });
    const error: unknown = await attempt(operation, () => github.query(v.object({}), '{ x }')).catch(
      (thrown: unknown) => thrown,
    );
    expect(error instanceof Error ? error.message : '').toMatchSnapshot();
  });

  test('distinguishes a missing part of a repository from an unreachable repository', async () => {
    const message = 'Could not resolve to a PullRequest with the number of 99.';
    const errors = [{ type: 'NOT_FOUND', message, path: ['repository', 'pullRequest'] }];
    const { github } = await serving({ status: 200, body: { data: { repository: null }, errors } });
    await expect(attempt(operation, () => github.query(v.object({}), '{ x }'))).rejects.toThrow(
      `GitHub answered "${message}". Check the number or the name: acme/ops has none like it.`,
    );
  });

  test('names the permission of the field that was refused, whatever its alias', async () => {
    const refused = (line: number, column: number) => ({
      type: 'FORBIDDEN',
      message: 'Resource not accessible by integration',
      locations: [{ line, column }],
    });
    const { github } = await serving({ status: 200, body: { data: null, errors: [refused(2, 3), refused(3, 3)] } });
    const document = '{\n  f0: pullRequests(first: 1) { totalCount }\n  deployments(first: 1) { totalCount }\n}';
    const reading = attempt(operation, () => github.query(v.object({}), document));
    await expect(reading).rejects.toThrow('lacks the permission "pull-requests: read and deployments: read"');
  });

  test('is still known as a failed request', async () => {
    const { github } = await serving({ status: 503, body: { message: 'unicorn' } });
    const explained = attempt(operation, () => github.octokit.request('GET /repos/{owner}/{repo}', repository));
    await expect(explained.catch(isRequestFailure)).resolves.toBe(true);
  });

  test('leaves any other error as it is', async () => {
    const bug = new TypeError('a bug');
    await expect(attempt(operation, () => Promise.reject(bug))).rejects.toBe(bug);
  });
});
