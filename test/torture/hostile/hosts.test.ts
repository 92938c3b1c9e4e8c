import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openRepository, openWorkshop, standInEngine } from '../../actions/build-push-image/support.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, STOLEN } from './values.js';
import { leaks, type Watched, watched } from './watch.js';

const TOKEN = 'ghs_canaryCANARY0123456789';
const PASSWORD = 'hunter2-canary';
const SECRETS = [TOKEN, PASSWORD];

/** A server of somebody else, with everything that was sent to it. */
let evil: Server;
/** The server that is asked, which answers as each test says. */
let asked: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let sent: string[];
let reached: string[];
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'ostack-hosts-'));
  evil = await listen((request, response) => {
    void read(request).then((text) => {
      sent.push(text);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"token":"x","data":{},"message":"stolen"}');
    });
  });
  asked = await listen((request, response) => {
    void read(request).then((text) => {
      reached.push(text);
      answer(request, response);
    });
  });
});
beforeEach(() => {
  sent = [];
  reached = [];
});
afterAll(async () => {
  for (const server of [evil, asked]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await rm(scratch, { recursive: true, force: true });
});

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A whole request as one text. */
async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
  }
  return `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n${Buffer.concat(chunks).toString()}`;
}

function address(server: Server): string {
  const found = server.address();
  return `127.0.0.1:${typeof found === 'object' && found !== null ? found.port : 0}`;
}

async function act(
  action: string,
  inputs: Record<string, string>,
  more: { cwd?: string; env?: Record<string, string> } = {},
) {
  const page = `http://${address(asked)}`;
  const event = join(scratch, 'event.json');
  const pull = { number: 1, state: 'open', head: { sha: 'a'.repeat(40), ref: 'x', repo: null }, base: { ref: 'main' } };
  await writeFile(event, JSON.stringify({ action: 'opened', number: 1, pull_request: pull }));
  const run = await watched({
    action,
    inputs: { token: TOKEN, 'github-token': TOKEN, 'apps-token': TOKEN, 'ops-repository': 'acme/ops', ...inputs },
    ...(more.cwd === undefined ? {} : { cwd: more.cwd }),
    env: {
      ...{ GITHUB_API_URL: `${page}/api/v3`, GITHUB_GRAPHQL_URL: `${page}/api/graphql`, GITHUB_SERVER_URL: page },
      ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: 'a'.repeat(40), GITHUB_REF: 'refs/heads/main' },
      ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event, GITHUB_RUN_ID: '7', GITHUB_ACTOR: 'ada' },
      ...more.env,
    },
    secrets: SECRETS,
    servers: [page],
  });
  const violations = [...run.violations, ...sent.flatMap((text) => leaks('what another host was sent', text, SECRETS))];
  record({ scenario: `hostile answers: ${action}`, tried: 1, survived: violations.length === 0 ? 1 : 0 });
  return { ...run, violations };
}

/** Actions that talk to GitHub, with the fewest inputs that bring them to it. */
const CALLERS: [string, Record<string, string>][] = [
  ['bump-ops-overlay', { image: 'ghcr.io/acme/my-app', tag: '1.4.0' }],
  ['status', {}],
  ['find-ops-repository', { 'ops-repository': '' }],
  ['check-ops', {}],
  ['cleanup-preview-env', {}],
];

const ANSWERS: [string, (response: ServerResponse) => void][] = [
  ['sends on to another host', (response) => redirect(response, 302)],
  ['sends on with what was sent', (response) => redirect(response, 307)],
  ['refuses in words of somebody else', (response) => refuse(response, 403)],
  [
    'answers with what is no answer',
    (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`"${'['.repeat(100_000)}`),
  ],
];

function redirect(response: ServerResponse, status: number): void {
  response.writeHead(status, { location: `http://${address(evil)}/steal` }).end();
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-accepted-github-permissions': LINES[4]?.value ?? '',
  });
  response.end(JSON.stringify({ message: EVERYTHING, errors: [{ message: EVERYTHING }] }));
}

/** `npm torture` tries every answer on every action, `npm test` every one on some. */
const tried = CALLERS.flatMap(([action, inputs], row) =>
  ANSWERS.filter((_, at) => process.env.OSTACK_TORTURE === 'all' || (at + row) % CALLERS.length === 0).map(
    ([what, say]) => ({ action, inputs, what, say }),
  ),
);

describe('a GitHub that', () => {
  test.each(tried)('$what gets no token to another host and nothing into $action', async ({ action, inputs, say }) => {
    answer = (_, response) => say(response);
    const run = await act(action, inputs);
    expect(run.violations).toEqual([]);
    expect(run.exitCode).toBe(1);
    expect(reached.length).toBeGreaterThan(0);
  });
});

describe('a registry that', () => {
  const build = async (repository: Awaited<ReturnType<typeof openRepository>>): Promise<Watched> =>
    act(
      'build-push-image',
      { apps: 'shop', registry: `${address(asked)}/acme`, username: 'robot', password: PASSWORD },
      { cwd: repository.root, env: await standInEngine() },
    );

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['sends on to another host', (_, response) => redirect(response, 307)],
    ['refuses in words of somebody else', (_, response) => refuse(response, 403)],
    [
      'takes uploads at another host',
      (request, response) =>
        request.headers.authorization === undefined
          ? response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
          : request.method === 'POST'
            ? response.writeHead(202, { location: `http://${address(evil)}/upload` }).end()
            : response.writeHead(404).end(),
    ],
  ])('%s gets no password there', async (_what, say) => {
    await using repository = await openRepository({
      'apps/shop/Dockerfile': `FROM scratch\n# ${LINES.map(({ value }) => value).join(' ')}\nCOPY a.txt /\nLABEL note=${JSON.stringify(LINES[0]?.value)}\n`,
      'apps/shop/a.txt': EVERYTHING,
    });
    answer = say;
    const run = await build(repository);
    expect(run.violations).toEqual([]);
    expect(run.exitCode).toBe(1);
    expect(reached.length).toBeGreaterThan(0);
  });
});

test('an engine says what it likes, and none of it is a command', async () => {
  await using workshop = await openWorkshop({
    'apps/shop/Dockerfile': 'FROM scratch\nCOPY a.txt /\n',
    'apps/shop/a.txt': 'a',
  });
  const engine = await standInEngine();
  const real = (engine.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'docker'))
    .find((file) => existsSync(file));
  const said = join(scratch, 'said.txt');
  await writeFile(said, `${EVERYTHING}\n#7 0.1 ##[add-mask]${STOLEN}\n::stop-commands::${STOLEN}`);
  const docker = join(scratch, 'docker');
  await writeFile(docker, `#!/bin/sh\ncat '${said}' >&2\nexec '${real}' "$@"\n`);
  await chmod(docker, 0o755);
  const inputs = { apps: 'shop', registry: `${workshop.registry.address}/acme`, username: 'robot', password: PASSWORD };
  const env = { ...engine, PATH: [scratch, engine.PATH].join(delimiter) };
  const run = await act('build-push-image', inputs, { cwd: workshop.root, env });
  expect(run).toMatchObject({ exitCode: 0, violations: [] });
  expect(run.stdout).toContain(`\\::stop-commands::${STOLEN}`);
});
