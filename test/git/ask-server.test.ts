import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { askServer } from '../../src/git/ask-server.js';
import { openGit } from '../../src/git/git.js';

type Answer = (response: ServerResponse) => void;

const status =
  (code: number): Answer =>
  (response) => {
    response.writeHead(code);
    response.end();
  };

/** A repository without a branch: https://git-scm.com/docs/gitprotocol-http#_smart_server_response */
const empty: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
  response.end(`001e# service=git-upload-pack\n00000000`);
};

let answers: Answer[] = [];
let asked = 0;
const server = createServer((_request, response) => {
  const answer = answers[Math.min(asked, answers.length - 1)];
  asked += 1;
  answer?.(response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.GIT_HTTP_LOW_SPEED_TIME = '1';
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = 0;
});

async function listTags(...given: Answer[]) {
  answers = given;
  const address = server.address();
  const serverUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const git = openGit({ cwd: tmpdir(), serverUrl, repository: 'acme/apps' });
  const result = await askServer(git, ['ls-remote', '--tags', git.url], 1);
  return { ...result, problem: result.problem.replaceAll(serverUrl, 'https://github.test') };
}

test.each<[string, Answer]>([
  ['a 502', status(502)],
  ['a 429', status(429)],
  ['a connection that broke', (response) => response.destroy()],
  ['a server that says nothing', () => {}],
])('after %s git asks again', async (_name, trouble) => {
  const { ok, problem } = await listTags(trouble, empty);
  expect({ ok, problem: ok ? '' : problem, asked }).toEqual({ ok: true, problem: '', asked: 2 });
});

test.each([401, 403, 404])('a %i is final', async (code) => {
  const { ok, problem } = await listTags(status(code));
  expect({ ok, asked }).toEqual({ ok: false, asked: 1 });
  expect(problem).toMatchSnapshot();
});

test('it does not ask for ever', async () => {
  const { ok, problem } = await listTags(status(503));
  expect({ ok, asked }).toEqual({ ok: false, asked: 5 });
  expect(problem).toContain('503');
});
