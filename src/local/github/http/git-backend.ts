import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { runCommand } from '../../spawner/spawner.js';
import { gitEnvironment } from '../git/run.js';
import type { Caller } from '../world/accounts.js';
import type { RefChange } from '../world/ref-change.js';
import { followRefChanges } from '../world/ref-changes.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { allows, canSee, type World } from '../world/world.js';
import { hookEnvironment, readPushCommands } from './git-push.js';

/** The parts of a git URL. */
export interface GitPath {
  /** `owner/name` */
  repository: string;
  /** For example `info/refs` or `git-upload-pack`. */
  service: string;
}

/** Reads a path of git's smart HTTP protocol; `undefined` for any other. */
export function parseGitPath(path: string): GitPath | undefined {
  const match = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(path);
  return match === null ? undefined : { repository: match[1] ?? '', service: match[2] ?? '' };
}

export interface GitExchange {
  world: World;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: Buffer;
  git: GitPath;
}

/**
 * Serves git over HTTP through `git http-backend`. After a push its ref changes have the effects that they have on GitHub.
 * Protocol: https://git-scm.com/docs/http-protocol, CGI variables: https://git-scm.com/docs/git-http-backend
 *
 * @returns bytes of the answer's body
 * @throws Refusal 401, 403 or 404 when the caller may not read or write the repository
 */
export async function serveGit(exchange: GitExchange): Promise<number> {
  const { world, git, url, body, request } = exchange;
  const pushing = git.service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  const caller = authenticate(exchange);
  const repository = world.repositories.get(git.repository.toLowerCase());
  demandAccess(caller, repository, pushing);
  if (caller === undefined || git.service !== 'git-receive-pack') {
    const known = greetingKey(exchange, repository);
    const greeting = known === undefined ? undefined : greetings.get(known);
    return greeting === undefined ? runBackend(exchange, repository, {}, known) : send(exchange.response, greeting);
  }
  return world.exclusive(async () => {
    const commands = readPushCommands(body, request.headers['content-encoding']);
    const before = await currentRefs(repository, commands);
    const sent = await runBackend(exchange, repository, hookEnvironment(repository, caller, commands));
    const after = await currentRefs(repository, commands);
    const changes = commands.map(({ name }) => ({ name, before: before.get(name), after: after.get(name) }));
    await followRefChanges(world, repository, caller, changes);
    return sent;
  });
}

/** What git says it can do, by how it is asked and the repository's settings, on which alone that depends. */
const greetings = new Map<string, Buffer>();

/**
 * What is asked first of a fetch in version 2 of the protocol: no ref is in the answer.
 * https://git-scm.com/docs/protocol-v2#_capability_advertisement
 *
 * @returns what the answer is kept by, `undefined` for any other request
 */
function greetingKey({ git, url, request }: GitExchange, repository: Repository): string | undefined {
  const { headers } = request;
  const protocol = String(headers['git-protocol'] ?? '');
  const isGreeting =
    git.service === 'info/refs' && url.search === '?service=git-upload-pack' && protocol === 'version=2';
  return isGreeting ? readFileSync(join(repository.gitDir, 'config'), 'utf8') : undefined;
}

function authenticate({ world, request }: GitExchange): Caller | undefined {
  return world.authenticate(request.headers.authorization);
}

function demandAccess(
  caller: Caller | undefined,
  repository: Repository | undefined,
  pushing: boolean,
): asserts repository is Repository {
  const visible = repository !== undefined && canSee(caller, repository);
  if (caller === undefined && (!visible || pushing)) {
    throw new Refusal(401, 'Authentication required.');
  }
  if (!visible) {
    throw notFound('Repository not found.');
  }
  if (pushing && repository.settings.archived) {
    throw new Refusal(403, 'This repository was archived so it is read-only.');
  }
  if (!allows(caller, repository, ['contents'], pushing ? 'write' : 'read')) {
    throw new Refusal(
      403,
      `Permission to ${repository.fullName}.git denied to ${caller?.account.login ?? 'anonymous'}.`,
    );
  }
}

async function currentRefs(repository: Repository, commands: RefChange[]): Promise<Map<string, string | undefined>> {
  const found = new Map<string, string | undefined>();
  for (const { name } of commands) {
    found.set(name, await repository.refs.get(name));
  }
  return found;
}

/**
 * Sends what `git http-backend` answers. A fetch whose client has gone is ended; a push goes on.
 *
 * @param greeting what to keep the answer by, for the next time
 * @returns bytes of the answer's body
 */
async function runBackend(
  { response, ...exchange }: GitExchange,
  repository: Repository,
  hooks: Record<string, string>,
  greeting?: string,
): Promise<number> {
  const gone = new AbortController();
  if (exchange.git.service === 'git-upload-pack') {
    response.on('close', () => gone.abort());
  }
  const { stdout, stderr } = await runCommand({
    file: 'git',
    args: ['http-backend'],
    env: { ...cgiEnvironment(exchange, repository), ...hooks },
    input: exchange.body,
    signal: gone.signal,
  });
  if (!response.destroyed && !stdout.includes('\r\n\r\n')) {
    throw new Error(`git http-backend gave no answer: ${stderr.toString().trim()}`);
  }
  if (greeting !== undefined && stdout.includes('000eversion 2\n')) {
    greetings.set(greeting, stdout);
  }
  return send(response, stdout);
}

/** The request as variables of CGI: https://git-scm.com/docs/git-http-backend#_environment */
function cgiEnvironment(
  { request, url, body, git }: Omit<GitExchange, 'response'>,
  repository: Repository,
): Record<string, string> {
  const { headers } = request;
  const optional = { HTTP_CONTENT_ENCODING: headers['content-encoding'], GIT_PROTOCOL: headers['git-protocol'] };
  return gitEnvironment({
    GIT_PROJECT_ROOT: repository.gitDir,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${git.service}`,
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: request.method ?? 'GET',
    CONTENT_TYPE: headers['content-type'] ?? '',
    CONTENT_LENGTH: String(body.length),
    REMOTE_USER: 'stage',
    REMOTE_ADDR: '127.0.0.1',
    ...Object.fromEntries(Object.entries(optional).map(([name, value]) => [name, String(value ?? '')])),
  });
}

/** Sends an answer in the form of CGI, unless the client has gone. @returns bytes of its body */
function send(response: ServerResponse, bytes: Buffer): number {
  if (response.destroyed) {
    return 0;
  }
  const end = bytes.indexOf('\r\n\r\n');
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of bytes.toString('latin1', 0, end).split('\r\n')) {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === 'status') {
      status = Number.parseInt(value, 10);
    } else {
      headers[name] = value;
    }
  }
  response.writeHead(status, headers);
  const body = bytes.subarray(end + 4);
  response.write(body);
  return body.length;
}
