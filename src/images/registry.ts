import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { readBody } from './bounded-body.js';
import { type Challenge, isLoopback, mayReceivePassword, parseChallenges } from './challenge.js';
import type { Credentials } from './credentials.js';
import { deniedAdvice } from './denied.js';
import { digestOf } from './digest.js';

/** A registry refused a request or did not answer. */
export class RegistryFailure extends Error {
  /** HTTP status, `0` without an answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export interface RegistryOptions {
  /** As in image names: `ghcr.io`, `docker.io`, `127.0.0.1:5000`. */
  registry: string;
  credentials?: Credentials | undefined;
  /** Hosts that the registry may send the login to beside its own. */
  tokenServices?: readonly string[] | undefined;
  /** Pauses before the second, third … try of a request that found no answer, 429 or 5xx, in milliseconds. */
  pausesMs?: readonly number[];
}

/** One request. */
export interface RegistryRequest {
  method: string;
  /** The repository's path, for example `acme/web`. */
  repository: string;
  /** What follows the repository, for example `manifests/1.4.0`, or a location the registry gave before. */
  path: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer> | StreamedBody;
  /** Statuses that are no failure; default: 2xx only. */
  expected?: readonly number[];
}

/** Content that is streamed because it may be too large for memory. */
export interface StreamedBody {
  /** Bytes. */
  size: number;
  /** Opens it; called again for every try. */
  open(): Readable;
}

/** A manifest as a registry holds it. */
export interface Manifest {
  digest: string;
  mediaType: string;
  content: Buffer;
}

const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * How registries refuse to write a tag that is there and may not change: 400 (ECR), 403 (GitLab), 405 and 409 (ACR, Quay,
 * Artifact Registry), 412 (Harbor), with many codes and words.
 */
const REFUSED = new Set([400, 403, 405, 409, 412]);

/** Why a tag cannot be written, where it is there as another image. */
export function takenMessage(repository: string, tag: string, there: string, wanted: string): string {
  return (
    `${repository}:${tag} is there already as ${there}, this image is ${wanted}, and the tag could not be written ` +
    'again. Release a new version, or remove that tag.'
  );
}

/** Most bytes of an answer that are read: of a manifest four times what every registry has to take, by the specification. */
const MANIFEST_BYTES = 16 * 1024 * 1024;
const TOKEN_BYTES = 1024 * 1024;
const REFUSAL_BYTES = 64 * 1024;

const TIMEOUT_MS = 30_000;
/** Slowest upload before it times out, in bytes per millisecond. */
const SLOWEST_UPLOAD = 250;
const tokenSchema = v.object({ token: v.optional(v.string()), access_token: v.optional(v.string()) });

/**
 * The OCI distribution API of one registry. The password goes to that registry and its token service only; `fetch`
 * drops `Authorization` on redirects to other hosts.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
export class RegistryClient {
  readonly registry: string;
  readonly #host: string;
  readonly #credentials: Credentials | undefined;
  readonly #tokenServices: readonly string[];
  readonly #pausesMs: readonly number[];
  /** The `Authorization` header that worked, by scope. */
  readonly #authorizations = new Map<string, string>();

  constructor({ registry, credentials, tokenServices = [], pausesMs = [200, 800] }: RegistryOptions) {
    this.registry = registry;
    this.#host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
    this.#credentials = credentials;
    this.#tokenServices = tokenServices;
    this.#pausesMs = pausesMs;
  }

  /**
   * Makes sure that the login works for pushing to a repository, before anything is built for it.
   *
   * @throws RegistryFailure saying what to do about a login that does not work
   */
  async checkLogin(repository: string): Promise<void> {
    const scope = `repository:${repository}:pull,push`;
    const request = { url: this.#url('/v2/'), method: 'GET', scope };
    const answer = await this.#try(request, undefined);
    await answer.body?.cancel();
    if (answer.status !== 401) {
      return;
    }
    const authorization = await this.#authorize(answer.headers.get('www-authenticate') ?? '', scope);
    // Having received a token proves the login; a password proves nothing until a request has used it.
    if (authorization.startsWith('Basic ')) {
      const again = await this.#try(request, authorization);
      await again.body?.cancel();
      if (again.status === 401) {
        throw this.#loginRefused();
      }
    }
    this.#authorizations.set(scope, authorization);
  }

  /** Reads a manifest by tag or digest. @returns `undefined` when it does not exist */
  async manifest(repository: string, reference: string): Promise<Manifest | undefined> {
    const answer = await this.request({
      method: 'GET',
      repository,
      path: `manifests/${reference}`,
      headers: { Accept: MANIFEST_TYPES },
      expected: [200, 404],
    });
    const content = await readBody(answer, MANIFEST_BYTES);
    if (answer.status === 404) {
      return undefined;
    }
    const digest = digestOf(content);
    const announced = answer.headers.get('docker-content-digest') ?? digest;
    if (announced !== digest || (reference.startsWith('sha256:') && reference !== digest)) {
      const asked = `${this.registry}/${repository} "${reference}"`;
      throw new RegistryFailure(
        `The manifest of ${asked} is damaged: announced as ${announced}, it is ${digest}.`,
        200,
      );
    }
    return { digest, mediaType: answer.headers.get('content-type') ?? '', content };
  }

  /** The digest of a tag, without its manifest. @returns `undefined` when the tag does not exist */
  async digest(repository: string, tag: string): Promise<string | undefined> {
    const answer = await this.request({
      method: 'HEAD',
      repository,
      path: `manifests/${tag}`,
      headers: { Accept: MANIFEST_TYPES },
      expected: [200, 404],
    });
    if (answer.status === 404) {
      return undefined;
    }
    return answer.headers.get('docker-content-digest') ?? (await this.manifest(repository, tag))?.digest;
  }

  /**
   * Gives a manifest that the repository has (or whose parts it has) one more tag. A registry may refuse to write a tag
   * again: where the tag is this manifest already, nothing is left to do.
   *
   * @throws RegistryFailure when it refuses, saying what the tag is where it is something else
   */
  async tag(repository: string, manifest: Manifest, tag: string): Promise<void> {
    try {
      await this.request({
        method: 'PUT',
        repository,
        path: `manifests/${tag}`,
        headers: { 'Content-Type': manifest.mediaType },
        body: new Uint8Array(manifest.content),
      });
    } catch (error) {
      const status = error instanceof RegistryFailure ? error.status : 0;
      const there = REFUSED.has(status) ? await this.digest(repository, tag).catch(() => undefined) : undefined;
      const digest = digestOf(manifest.content);
      if (there === undefined || !(error instanceof RegistryFailure)) {
        throw error;
      }
      if (there !== digest) {
        throw new RegistryFailure(
          `${error.message} ${takenMessage(`${this.registry}/${repository}`, tag, there, digest)}`,
          status,
        );
      }
    }
  }

  /**
   * Sends any request of the API.
   *
   * @throws RegistryFailure when the status is none of those expected
   */
  async request({ repository, path, expected = [], ...rest }: RegistryRequest): Promise<Response> {
    const read = rest.method === 'GET' || rest.method === 'HEAD';
    const url =
      path.startsWith('/') || URL.canParse(path) ? this.#location(path) : this.#url(`/v2/${repository}/${path}`);
    const answer = await this.#send({ ...rest, url, scope: `repository:${repository}:${read ? 'pull' : 'pull,push'}` });
    if (answer.ok || expected.includes(answer.status)) {
      return answer;
    }
    throw await this.#refusal(answer, repository);
  }

  async #send(request: Sent): Promise<Response> {
    const own = request.url.origin === this.#url('/').origin;
    const answer = await this.#try(request, own ? this.#authorizations.get(request.scope) : undefined);
    if (answer.status !== 401 || !own) {
      return answer;
    }
    await answer.body?.cancel();
    const authorization = await this.#authorize(answer.headers.get('www-authenticate') ?? '', request.scope);
    const again = await this.#try(request, authorization);
    if (again.status === 401) {
      throw this.#loginRefused();
    }
    this.#authorizations.set(request.scope, authorization);
    return again;
  }

  /** Answers a challenge: the header to send instead. */
  async #authorize(header: string, scope: string): Promise<string> {
    const challenge = this.#choose(parseChallenges(header));
    const basic = this.#credentials && `Basic ${encode(this.#credentials)}`;
    if (challenge?.scheme === 'basic') {
      if (basic === undefined) {
        throw this.#loginRefused();
      }
      return basic;
    }
    if (challenge === undefined) {
      throw new RegistryFailure(`The registry ${this.registry} asks for a login of an unknown kind: "${header}".`, 401);
    }
    const { realm, service } = challenge;
    if (basic !== undefined && !this.#isTrusted(realm)) {
      throw new RegistryFailure(
        `The registry ${this.registry} sends logins to ${realm.origin}, which is no host of its own. Nothing was sent there. ` +
          `If that is right, write into ostack.yaml of the default branch:\n\ntoken-services: [${realm.host}]`,
        401,
      );
    }
    if (service !== undefined) {
      realm.searchParams.set('service', service);
    }
    realm.searchParams.append('scope', scope);
    const answer = await this.#try({ url: realm, method: 'GET', scope }, basic);
    if (!answer.ok) {
      // 403 of the token service: the login is known, and may not do this with this repository.
      throw answer.status === 401 || this.#credentials === undefined
        ? this.#loginRefused(answer.status)
        : await this.#refusal(answer, /^repository:(.+):/.exec(scope)?.[1] ?? scope);
    }
    const { token, access_token } = v.parse(
      tokenSchema,
      JSON.parse((await readBody(answer, TOKEN_BYTES)).toString('utf8')),
    );
    return `Bearer ${token ?? access_token ?? ''}`;
  }

  /**
   * The challenge to answer where a registry gives a choice: a token, which is good for one thing only, rather than the
   * password with each request; the password rather than one sent to a token service that may not have it.
   */
  #choose(challenges: readonly Challenge[]): Challenge | undefined {
    const trusted = challenges.find(
      (one) => one.scheme === 'bearer' && (!this.#credentials || this.#isTrusted(one.realm)),
    );
    return trusted ?? challenges.find(({ scheme }) => scheme === 'basic') ?? challenges[0];
  }

  #isTrusted(realm: URL): boolean {
    return mayReceivePassword(this.#host, realm, this.#tokenServices);
  }

  /** One request, sent again after no answer or a transient error. */
  async #try({ url, method, headers, body }: Sent, authorization: string | undefined): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const pause = this.#pausesMs[attempt];
      try {
        const answer = await fetch(url, {
          method,
          ...contentOf(body),
          headers: {
            ...headers,
            ...lengthOf(body),
            ...(authorization !== undefined && { Authorization: authorization }),
          },
          signal: AbortSignal.timeout(timeoutOf(body)),
        });
        if (pause === undefined || (answer.status < 500 && answer.status !== 429)) {
          return answer;
        }
        await answer.body?.cancel();
      } catch (error) {
        if (pause === undefined) {
          throw new RegistryFailure(
            `The registry ${this.registry} cannot be reached: ${causeOf(error)}. Check the name of the registry and the network.`,
            0,
          );
        }
      }
      await wait(pause);
    }
  }

  #url(path: string): URL {
    return new URL(`${isLoopback(this.#host) ? 'http' : 'https'}://${this.#host}${path}`);
  }

  /** A `Location` header of the registry: a path, or a URL on any host. */
  #location(path: string): URL {
    return new URL(path, this.#url('/'));
  }

  #loginRefused(status = 401): RegistryFailure {
    const advice =
      this.#credentials === undefined
        ? 'There is no login for it. Set the inputs "username" and "password", or log in in an earlier step.'
        : `It does not take the password of "${this.#credentials.username}". Check the inputs "username" and "password", and that a token has not expired.`;
    return new RegistryFailure(`The registry ${this.registry} refuses the login (${status}). ${advice}`, status);
  }

  async #refusal(answer: Response, subject: string): Promise<RegistryFailure> {
    const text = (await readBody(answer, REFUSAL_BYTES).catch(() => '')).toString('utf8').slice(0, 300);
    const words = /"message"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? text.trim();
    const advice = answer.status === 403 ? ` ${deniedAdvice(this.registry, subject, words)}` : '';
    const said = words === '' ? '' : `: ${words}`;
    return new RegistryFailure(
      `The registry ${this.registry} answers ${answer.status} for ${subject}${said}.${advice}`,
      answer.status,
    );
  }
}

interface Sent {
  url: URL;
  method: string;
  /** What the login must be good for, `repository:acme/web:pull`. */
  scope: string;
  headers?: Record<string, string>;
  body?: RegistryRequest['body'];
}

/** The body for `fetch`, which needs `duplex` for a stream. */
function contentOf(body: Sent['body']): Pick<RequestInit, 'body' | 'duplex'> {
  if (body === undefined || body instanceof Uint8Array) {
    return body === undefined ? {} : { body };
  }
  return { body: Readable.toWeb(body.open()), duplex: 'half' };
}

/** The `content-length` header, without which some registries refuse uploads. */
function lengthOf(body: Sent['body']): Record<string, string> {
  return body === undefined || body instanceof Uint8Array ? {} : { 'Content-Length': String(body.size) };
}

function timeoutOf(body: Sent['body']): number {
  return body === undefined || body instanceof Uint8Array
    ? TIMEOUT_MS
    : Math.max(TIMEOUT_MS, Math.ceil(body.size / SLOWEST_UPLOAD));
}

function encode({ username, password }: Credentials): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}

/** The message of the cause, since `fetch` itself only says "fetch failed". */
function causeOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  const inner = cause ?? error;
  const message = typeof inner === 'object' && inner !== null && 'message' in inner ? String(inner.message) : '';
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? String(inner.code) : String(inner);
  return message === '' ? code : message;
}
