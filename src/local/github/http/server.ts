import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphqlExecution } from '../graphql/execute.js';
import type { Router } from '../rest/router.js';
import { type Caller, tokenOf } from '../world/accounts.js';
import { Refusal } from '../world/refusal.js';
import type { World } from '../world/world.js';
import { archiveFor } from './archive.js';
import type { Fault, Faults } from './faults.js';
import { parseGitPath, serveGit } from './git-backend.js';
import type { RequestLog, RequestRecord } from './record.js';
import type { RequestGate } from './request-gate.js';

/** Runs one GraphQL request. @returns the body of the answer (HTTP status 200), and what it cost */
export type GraphqlEndpoint = (caller: Caller, body: unknown) => Promise<GraphqlExecution>;

/** Answers requests below a path of the stage's own, for example `/_stage/`. */
export type Extension = (request: IncomingMessage, response: ServerResponse) => void;

export interface ServerParts {
  world: () => World;
  router: Router;
  graphql: GraphqlEndpoint;
  gate: RequestGate;
  faults: Faults;
  log: RequestLog;
  latencyMs: number;
  extensions: Map<string, Extension>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** The one HTTP server of the local GitHub: REST, GraphQL, git and a few pages. */
export function createGitHubServer(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    for (const [prefix, extension] of parts.extensions) {
      if (path.startsWith(prefix)) {
        extension(request, response);
        return;
      }
    }
    answerInTurn(parts, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.keepAliveTimeout = 30_000;
  return server;
}

async function answerInTurn(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readAll(request);
  const url = new URL(request.url ?? '/', 'http://stage');
  const record = startRecord(request, url, body);
  const leave = await parts.gate.enter({ ...record, token: tokenOf(request.headers.authorization) });
  try {
    await serve(parts, { request, response, body, url }, record);
  } finally {
    leave();
  }
}

async function serve(
  parts: ServerParts,
  { request, response, body, url }: { request: IncomingMessage; response: ServerResponse; body: Buffer; url: URL },
  record: RequestRecord,
): Promise<void> {
  const { status: _status, bytes: _bytes, ...seen } = record;
  const fault = parts.faults.take({ ...seen, body: body.toString('utf8') });
  await sleep(parts.latencyMs + (fault?.kind === 'latency' ? (fault.ms ?? 1000) : 0));
  if (fault !== undefined && fault.kind !== 'latency' && fault.when !== 'after') {
    applyFault(parts, fault, record, response);
    return;
  }
  const git = parseGitPath(url.pathname);
  if (git !== undefined) {
    record.repository = git.repository;
    if (fault?.when === 'after') {
      // The connection is dropped first, because the answer is streamed; the backend still does its work.
      response.destroy();
    }
    await answerGit(parts, { request, response, url, body, git }, record);
    return;
  }
  const answer = await answerRequest(parts, request, url, body, record);
  if (fault !== undefined && fault.kind !== 'latency') {
    applyFault(parts, fault, record, response);
    return;
  }
  if (url.pathname.startsWith('/api/v3/')) {
    const path = url.pathname.slice('/api/v3'.length);
    const { method, requestBody } = record;
    const exchange = { method, path, requestBody, status: answer.status, responseText: String(answer.body) };
    for (const watch of parts.log.watchers) {
      watch(exchange);
    }
  }
  finish(parts, record, response, answer);
}

async function answerGit(
  parts: ServerParts,
  exchange: Omit<Parameters<typeof serveGit>[0], 'world'>,
  record: RequestRecord,
): Promise<void> {
  const world = parts.world();
  try {
    record.tokenActor = actorOf(world, exchange.request) ?? '';
    record.bytes += await serveGit({ ...exchange, world });
    record.status = exchange.response.statusCode;
    parts.log.add(record);
    exchange.response.end();
  } catch (error) {
    if (exchange.response.headersSent) {
      throw error;
    }
    const headers = { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="GitHub"' };
    const { status, graphqlMessage } =
      error instanceof Refusal ? error : { status: 500, graphqlMessage: String(error) };
    finish(parts, record, exchange.response, { status, headers, body: `${graphqlMessage}\n` });
  }
}

async function answerRequest(
  parts: ServerParts,
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  record: RequestRecord,
): Promise<Answer> {
  const world = parts.world();
  const path = url.pathname;
  try {
    if (path === '/api/graphql' || path.startsWith('/api/v3/') || path === '/api/v3') {
      const caller = world.authenticate(request.headers.authorization);
      record.tokenActor = caller?.account.login ?? '';
      await world.countRequest();
      return path === '/api/graphql'
        ? await answerGraphql(parts, caller, body, record)
        : await answerRest(parts, caller, request, url, body);
    }
    const archive = await archiveFor(world, path);
    if (archive !== undefined) {
      return { status: 200, headers: { 'content-type': 'application/zip' }, body: archive };
    }
    // Loaded when a person looks: most stages are there for programs, and rendering takes time to load.
    const { appPageFor } = await import('./app-pages.js');
    const form = new URLSearchParams(request.method === 'POST' ? body.toString('utf8') : '');
    const answer = await appPageFor(world, { method: request.method ?? 'GET', path, query: url.searchParams, form });
    if (answer !== undefined && 'location' in answer) {
      return { status: 302, headers: { location: answer.location }, body: '' };
    }
    const { pageFor } = await import('./pages.js');
    if (answer !== undefined && 'download' in answer) {
      const disposition = `attachment; filename="${answer.download}"`;
      const headers = { 'content-type': 'application/x-pem-file', 'content-disposition': disposition };
      return { status: 200, headers, body: answer.text };
    }
    const page = answer ?? (await pageFor(world, path));
    return { status: page.status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page.html };
  } catch (error) {
    return refused(error);
  }
}

async function answerGraphql(
  parts: ServerParts,
  caller: Caller | undefined,
  body: Buffer,
  record: RequestRecord,
): Promise<Answer> {
  if (caller === undefined) {
    throw new Refusal(401, 'This endpoint requires you to be authenticated.');
  }
  const { body: answer, points } = await parts.graphql(caller, parseJson(body));
  record.points = points;
  const { limit, used, remaining, resetAt } = parts.world().usage.left(caller);
  const sent = json(200, answer);
  Object.assign(sent.headers, {
    ...{ 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) },
    ...{ 'x-ratelimit-used': String(used), 'x-ratelimit-resource': 'graphql' },
    'x-ratelimit-reset': String(Math.ceil(resetAt.getTime() / 1000)),
  });
  return sent;
}

async function answerRest(
  parts: ServerParts,
  caller: Caller | undefined,
  { method = 'GET', headers }: IncomingMessage,
  url: URL,
  body: Buffer,
): Promise<Answer> {
  const path = url.pathname.slice('/api/v3'.length) || '/';
  const answer = await parts.router.dispatch({
    world: parts.world(),
    method,
    path,
    query: url.searchParams,
    body: parseJson(body),
    caller,
    token: tokenOf(headers.authorization),
  });
  const done =
    answer.body === undefined ? { status: answer.status, headers: {}, body: '' } : json(answer.status, answer.body);
  return { ...done, headers: { ...done.headers, ...answer.headers } };
}

/** The answer for an error: GitHub's for a `Refusal`, else a 500 with the stack, since it is a bug of the stage. */
function refused(error: unknown): Answer {
  if (error instanceof Refusal) {
    const { message, errors, status } = error;
    const documentation = 'https://docs.github.com/rest';
    const answer = json(status, {
      message,
      ...(errors === undefined ? {} : { errors }),
      documentation_url: documentation,
      status: String(status),
    });
    Object.assign(answer.headers, error.headers);
    return answer;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return json(500, { message: `The local GitHub failed: ${text}` });
}

function applyFault(parts: ServerParts, fault: Fault, record: RequestRecord, response: ServerResponse): void {
  if (fault.kind === 'status') {
    finish(parts, record, response, json(fault.status ?? 502, { message: 'Server Error' }));
  } else if (fault.kind === 'secondary-limit') {
    const answer = json(403, {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      documentation_url:
        'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
    });
    answer.headers['retry-after'] = String(fault.retryAfter ?? 1);
    finish(parts, record, response, answer);
  } else {
    record.status = 0;
    parts.log.add(record);
    if (fault.kind === 'reset') {
      response.destroy();
    }
  }
}

function finish(parts: ServerParts, record: RequestRecord, response: ServerResponse, answer: Answer): void {
  const bytes = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  record.status = answer.status;
  record.bytes += bytes.length;
  parts.log.add(record);
  const length: Record<string, string> = answer.status === 204 ? {} : { 'content-length': String(bytes.length) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(bytes);
}

function startRecord(request: IncomingMessage, url: URL, body: Buffer): RequestRecord {
  const record: RequestRecord = {
    method: request.method ?? 'GET',
    path: `${url.pathname}${url.search}`,
    status: 0,
    bytes: body.length,
  };
  const repository = /^\/api\/v3\/repos\/([^/]+\/[^/]+)/.exec(url.pathname)?.[1];
  const parsed = /json/.test(request.headers['content-type'] ?? '') ? tryJson(body) : undefined;
  const operation = url.pathname === '/api/graphql' ? operationOf(parsed) : undefined;
  return {
    ...record,
    ...(repository === undefined ? {} : { repository }),
    ...(parsed === undefined ? {} : { requestBody: parsed }),
    ...(operation === undefined ? {} : { operation }),
  };
}

function operationOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) {
    return undefined;
  }
  if ('operationName' in body && typeof body.operationName === 'string') {
    return body.operationName;
  }
  const query = 'query' in body && typeof body.query === 'string' ? body.query : '';
  return /^\s*(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? /\{\s*(?:\w+\s*:\s*)?(\w+)/.exec(query)?.[1];
}

function actorOf(world: World, request: IncomingMessage): string | undefined {
  try {
    return world.authenticate(request.headers.authorization)?.account.login;
  } catch {
    return undefined;
  }
}

function parseJson(body: Buffer): unknown {
  const parsed = tryJson(body);
  if (parsed === undefined && body.length > 0) {
    throw new Refusal(400, 'Problems parsing JSON');
  }
  return parsed;
}

function tryJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  }
  return Buffer.concat(chunks);
}
