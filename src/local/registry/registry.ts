import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Authenticator, type AuthFlow, type Authorize, fixedUsers } from './auth.js';
import { serveBlob, serveUpload, startUpload } from './blobs.js';
import { RegistryError } from './errors.js';
import { answer, answerJson, type Exchange } from './exchange.js';
import { listReferrers, listTags, serveManifest } from './manifests.js';
import { type Route, readRoute } from './route.js';
import { isDigest, RegistryStore } from './store.js';

export interface RegistryOptions {
  /** Folder of the content; a new temporary one, removed on close, when not given. */
  folder?: string;
  /** Passwords by user. Without this and `authorize`, everyone may read and write. */
  users?: Record<string, string>;
  /** Decides on logins instead of `users`. */
  authorize?: Authorize;
  /** How a login is asked for. Default `token`, as GHCR, Docker Hub and DigitalOcean do. */
  flow?: AuthFlow;
  /** Refuses to write a tag again, whatever it is, as ECR does where its tags are immutable. */
  immutable?: boolean;
  /** Milliseconds that every request waits; 0 by default. */
  latencyMs?: number;
  /** The port on 127.0.0.1; a free one when not given. */
  port?: number;
}

/** One request as it was answered. */
export interface RegistryRequest {
  method: string;
  /** With its query, for example `/v2/acme/web/manifests/1.4.0`. */
  path: string;
  status: number;
}

/** Answers matching requests with `status` and no body, `times` times (always by default). */
export interface RegistryFault {
  method?: string;
  path: RegExp;
  status: number;
  times?: number;
}

export interface LocalRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, what image names start with. */
  address: string;
  requests: RegistryRequest[];
  faults: RegistryFault[];
  close(): Promise<void>;
}

/**
 * Starts a registry on a loopback port that speaks the OCI distribution API: blobs (monolithic, chunked and mounted
 * uploads, ranges), manifests and indexes, tags with paging, referrers, deletion, Basic and token logins.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<LocalRegistry> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'ostack-registry-')));
  const authorize = options.authorize ?? (options.users && fixedUsers(options.users));
  const authenticator = new Authenticator(authorize, options.flow ?? 'token');
  const store = new RegistryStore(folder);
  const requests: RegistryRequest[] = [];
  const faults: RegistryFault[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const method = request.method ?? 'GET';
    response.on('finish', () => requests.push({ method, path, status: response.statusCode }));
    const { latencyMs = 0, immutable = false } = options;
    void handle({ request, response, authenticator, store, faults, latencyMs, immutable });
  });
  const port = await listen(server, options.port ?? 0);
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (options.folder === undefined) {
      await rm(folder, { recursive: true, force: true });
    }
  };
  return { address: `127.0.0.1:${port}`, requests, faults, close, [Symbol.asyncDispose]: close };
}

interface Incoming {
  request: IncomingMessage;
  response: ServerResponse;
  authenticator: Authenticator;
  store: RegistryStore;
  faults: RegistryFault[];
  latencyMs: number;
  immutable: boolean;
}

async function handle({
  request,
  response,
  authenticator,
  store,
  faults,
  latencyMs,
  immutable,
}: Incoming): Promise<void> {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', origin);
  const exchange: Exchange = { request, response, method, query: url.searchParams, store };
  response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
  try {
    if (latencyMs > 0) {
      await wait(latencyMs);
    }
    const fault = takeFault(faults, method, request.url ?? '/');
    if (fault !== undefined) {
      return answer(exchange, fault.status, {});
    }
    const route = readRoute(url.pathname);
    if (route === undefined) {
      throw new RegistryError('NAME_INVALID', `no such path: ${method} ${url.pathname}`);
    }
    if (route.kind === 'token') {
      return giveToken(exchange, authenticator);
    }
    const verdict = authenticator.check(request.headers.authorization, neededScopes(route, method), origin);
    if (!verdict.allowed) {
      response.setHeader('WWW-Authenticate', verdict.challenge);
      throw new RegistryError('UNAUTHORIZED', 'authentication required');
    }
    if (immutable && method === 'PUT' && route.kind === 'manifest') {
      await expectNewTag(store, route.repository, route.reference);
    }
    await dispatch(exchange, route);
  } catch (error) {
    fail(exchange, error);
  }
}

async function expectNewTag(store: RegistryStore, repository: string, reference: string): Promise<void> {
  if (!isDigest(reference) && (await store.manifest(repository, reference)) !== undefined) {
    throw new RegistryError(
      'TAG_INVALID',
      `The image tag '${reference}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
}

async function dispatch(exchange: Exchange, route: Exclude<Route, { kind: 'token' }>): Promise<void> {
  switch (route.kind) {
    case 'root':
      return answerJson(exchange, {});
    case 'catalog':
      return answerJson(exchange, { repositories: await exchange.store.repositories() });
    case 'tags':
      return listTags(exchange, route.repository);
    case 'referrers':
      return listReferrers(exchange, route.repository, route.digest);
    case 'manifest':
      return serveManifest(exchange, route.repository, route.reference);
    case 'blob':
      return serveBlob(exchange, route.repository, route.digest);
    case 'uploads':
      return startUpload(exchange, route.repository);
    case 'upload':
      return serveUpload(exchange, route.repository, route.id);
  }
}

/** `GET /token`: answers with a token for a valid user and password. */
function giveToken(exchange: Exchange, authenticator: Authenticator): void {
  const token = authenticator.token(exchange.request.headers.authorization, exchange.query.getAll('scope'));
  if (token === undefined) {
    throw new RegistryError('UNAUTHORIZED', 'incorrect username or password');
  }
  answerJson(exchange, { token, access_token: token, expires_in: 300 });
}

function neededScopes(route: Route, method: string): string[] {
  if (route.kind === 'catalog') {
    return ['registry:catalog:*'];
  }
  if (!('repository' in route)) {
    return [];
  }
  const verbs = method === 'GET' || method === 'HEAD' ? ['pull'] : method === 'DELETE' ? ['delete'] : ['pull', 'push'];
  return verbs.map((verb) => `repository:${route.repository}:${verb}`);
}

function takeFault(faults: RegistryFault[], method: string, path: string): RegistryFault | undefined {
  const fault = faults.find(
    (candidate) => (candidate.method ?? method) === method && candidate.times !== 0 && candidate.path.test(path),
  );
  if (fault?.times !== undefined) {
    fault.times -= 1;
  }
  return fault;
}

function fail(exchange: Exchange, error: unknown): void {
  if (exchange.response.headersSent) {
    exchange.response.destroy();
    return;
  }
  const known = error instanceof RegistryError ? error : new RegistryError('UNAVAILABLE', String(error));
  // Reads the rest of the request's body: a client that still writes would see a broken pipe instead of the answer.
  exchange.request.resume();
  answer(exchange, known.status, { 'Content-Type': 'application/json' }, known.body());
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The registry has no port.');
  }
  return address.port;
}
