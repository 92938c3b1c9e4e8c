import { setTimeout as wait } from 'node:timers/promises';
import { readBody } from '../../images/bounded-body.js';
import { type SpaceKeys, signed } from './signature.js';
import type { SpaceAddress } from './space-address.js';
import { failureOf, SpaceFailure, unanswered } from './space-failure.js';
import { readXml, type XmlElement } from './space-xml.js';

export interface SpaceRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  url: URL;
  /** What it is about, for messages: a key. */
  about: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
  /** Bytes that the answer may have, where they are many: they take time. Without a bound, once it has begun, it has all the time. */
  most?: number;
}

/** An answer that is no failure. */
export interface SpaceAnswer {
  response: Response;
  /** Whether an earlier try found no answer, so that it may have taken effect. */
  isRepeated: boolean;
}

/** Answers after which the same request is sent again; 409 is two conditional writes at once. */
const TRANSIENT = new Set([408, 409, 429, 500, 502, 503, 504]);
const TIMEOUT_MS = 30_000;
/** Slowest transfer before it times out, in bytes per millisecond. */
const SLOWEST = 250;
/** Most bytes of a refusal that are read. */
const REFUSAL_BYTES = 64 * 1024;
const NOTHING = new Uint8Array();

/** Sends signed requests to one bucket. A redirect is not followed: the signature goes to that host and to no other. */
export class SpaceRequests {
  readonly address: SpaceAddress;
  readonly #keys: SpaceKeys;
  readonly #pausesMs: readonly number[];

  /** @param pausesMs before the second, third … try of a request, in milliseconds */
  constructor(address: SpaceAddress, keys: SpaceKeys, pausesMs: readonly number[] = [300, 1200, 4000]) {
    this.address = address;
    this.#keys = keys;
    this.#pausesMs = pausesMs;
  }

  /**
   * Sends a request until it is answered, and `use` has read the answer.
   *
   * @param expected statuses that are no failure, beside 200 to 299
   * @throws SpaceFailure
   */
  async send<T>(
    request: SpaceRequest,
    expected: readonly number[],
    use: (answer: SpaceAnswer) => Promise<T>,
  ): Promise<T> {
    let isRepeated = false;
    for (let tries = 0; ; tries++) {
      try {
        return await this.#try(request, expected, (response) => use({ response, isRepeated }));
      } catch (error) {
        const pause = this.#pausesMs[tries];
        if (!(error instanceof SpaceFailure) || pause === undefined || !passes(error)) {
          throw error;
        }
        isRepeated ||= error.status === 0 || error.status >= 500;
        await wait(pause * (0.75 + Math.random() / 2));
      }
    }
  }

  async #try<T>(
    request: SpaceRequest,
    expected: readonly number[],
    use: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { method, url, about, headers = {}, body = NOTHING, most = 0 } = request;
    const what = `${method} ${about}`;
    const timer = new AbortController();
    const timeoutMs = Math.ceil(TIMEOUT_MS + (body.length + (Number.isFinite(most) ? most : 0)) / SLOWEST);
    const timeout = setTimeout(() => timer.abort(new TypeError(`nothing within ${timeoutMs} ms`)), timeoutMs);
    try {
      const response = await fetch(url, {
        method,
        headers: signed({ method, url, headers, body }, this.#keys, this.address.region, new Date()),
        ...(method !== 'GET' && method !== 'DELETE' && { body }),
        redirect: 'manual',
        signal: timer.signal,
      });
      if (most === Number.POSITIVE_INFINITY) {
        clearTimeout(timeout);
      }
      if (response.ok || expected.includes(response.status)) {
        return await use(response);
      }
      const said = await firstBytes(response, REFUSAL_BYTES);
      const { status, headers: given } = response;
      throw failureOf(what, { host: url.host, status, headers: given, body: said }, this.#keys);
    } catch (error) {
      throw error instanceof SpaceFailure || !isNetwork(error) ? error : unanswered(what, url.host, error, this.#keys);
    } finally {
      clearTimeout(timeout);
    }
  }

  /** The failure that an expected answer is after all. */
  async failure(request: SpaceRequest, response: Response): Promise<SpaceFailure> {
    const { status, headers } = response;
    const body = await firstBytes(response, REFUSAL_BYTES);
    return failureOf(
      `${request.method} ${request.about}`,
      { host: request.url.host, status, headers, body },
      this.#keys,
    );
  }
}

/** Reads nothing of an answer. */
export async function drain({ response }: Pick<SpaceAnswer, 'response'>): Promise<void> {
  await response.body?.cancel();
}

/** Reads an answer as XML. @param most bytes that it may have */
export function xmlOf(most: number): (answer: Pick<SpaceAnswer, 'response'>) => Promise<XmlElement> {
  return async ({ response }) => readXml((await readBody(response, most)).toString('utf8'));
}

function passes({ status, code }: SpaceFailure): boolean {
  return (status === 0 || TRANSIENT.has(status)) && code !== 'BucketAlreadyExists';
}

/** What `fetch` throws when a connection fails or is too slow, while waiting or while reading. */
function isNetwork(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name));
}

async function firstBytes(response: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= most) {
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, most).toString('utf8');
}
