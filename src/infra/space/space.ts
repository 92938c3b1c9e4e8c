import { readBody } from '../../images/bounded-body.js';
import { type SpaceKeys, sha256 } from './signature.js';
import { bucketUrl, objectUrl, type SpaceAddress } from './space-address.js';
import { SpaceFailure } from './space-failure.js';
import { drain, type SpaceRequest, SpaceRequests, xmlOf } from './space-requests.js';
import { textOf, type XmlElement } from './space-xml.js';
import { uploadParts } from './upload-parts.js';
import type { Written } from './written.js';

/** An object of a space, as a listing has it. */
export interface StoredObject {
  key: string;
  /** Bytes. */
  size: number;
}

/** A bucket that speaks S3. Every method fails with a `SpaceFailure` that says what to do, and that has no key in it. */
export interface Space {
  readonly address: SpaceAddress;
  /**
   * Writes an object.
   *
   * @param ifAbsent leave it as it is when there is one; the server decides (see `writeGuard`)
   * @returns `there` when it was left as it is
   */
  put(key: string, bytes: Uint8Array<ArrayBuffer>, options?: { ifAbsent?: boolean }): Promise<'written' | 'there'>;
  /** Writes an object of any size, which is there when all of it is; nothing of it is when `source` fails. */
  putStream(key: string, source: AsyncIterable<Uint8Array>): Promise<Written>;
  /**
   * Reads an object.
   *
   * @param most bytes that it may have
   * @returns `undefined` when there is none of that key
   */
  get(key: string, most?: number): Promise<Buffer | undefined>;
  /** Reads an object of any size. @returns `undefined` when there is none of that key */
  getStream(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** All objects whose key begins with `prefix`, in the order of their keys. */
  list(prefix: string): Promise<StoredObject[]>;
  /** Deletes an object; that there is none is no error. */
  remove(key: string): Promise<void>;
  /** What the bucket says of one of its settings, `undefined` when it does not say or may not be asked. */
  setting(name: 'versioning' | 'object-lock'): Promise<XmlElement | undefined>;
}

/** Most bytes of an object that is read at once, where nothing else is said. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Most bytes of a page of a listing: 1,000 keys of 1,024 characters, escaped. */
const PAGE_BYTES = 16 * 1024 * 1024;
/** Most pages of a listing, a million objects. */
const MOST_PAGES = 1000;

/** @param pausesMs before the second, third … try of a request */
export function openSpace(address: SpaceAddress, keys: SpaceKeys, pausesMs?: readonly number[]): Space {
  const requests = new SpaceRequests(address, keys, pausesMs);
  return {
    address,
    put: (key, bytes, options) => put(requests, key, bytes, options?.ifAbsent === true),
    putStream: (key, source) => uploadParts(requests, key, source),
    get: (key, most = MOST_BYTES) => read(requests, key, most, (response) => readBody(response, most)),
    getStream: (key) =>
      read(requests, key, Number.POSITIVE_INFINITY, (response) => Promise.resolve(response.body ?? emptyStream())),
    list: (prefix) => list(requests, prefix),
    remove: (key) => requests.send({ method: 'DELETE', url: objectUrl(address, key), about: key }, [404], drain),
    setting: (name) => setting(requests, name),
  };
}

async function put(
  requests: SpaceRequests,
  key: string,
  body: Uint8Array<ArrayBuffer>,
  ifAbsent: boolean,
): Promise<'written' | 'there'> {
  const headers: Record<string, string> = ifAbsent ? { 'if-none-match': '*' } : {};
  const request: SpaceRequest = { method: 'PUT', url: objectUrl(requests.address, key), about: key, headers, body };
  const { isThere, isRepeated } = await requests.send(request, ifAbsent ? [412] : [], async (answer) => {
    await drain(answer);
    return { isThere: answer.response.status === 412, isRepeated: answer.isRepeated };
  });
  // A try before may have written it, although nobody said so.
  if (isThere && isRepeated && (await isOurs(requests, key, body))) {
    return 'written';
  }
  return isThere ? 'there' : 'written';
}

async function isOurs(requests: SpaceRequests, key: string, body: Uint8Array): Promise<boolean> {
  try {
    const there = await read(requests, key, MOST_BYTES, (response) => readBody(response, MOST_BYTES));
    return there !== undefined && sha256(there) === sha256(body);
  } catch (error) {
    if (!(error instanceof SpaceFailure)) {
      throw error;
    }
    throw new SpaceFailure(
      `Whether ${key} was written cannot be told: the space did not answer to the first try, says to the second one that ` +
        `there is an object, and does not let it be read. ${error.message}`,
      error.status,
      error.code,
    );
  }
}

async function read<T>(
  requests: SpaceRequests,
  key: string,
  most: number,
  use: (response: Response) => Promise<T>,
): Promise<T | undefined> {
  const request: SpaceRequest = { method: 'GET', url: objectUrl(requests.address, key), about: key, most };
  return requests.send(request, [404], async ({ response }) => {
    if (response.status !== 404) {
      return use(response);
    }
    const failure = await requests.failure(request, response);
    // Also a bucket or an access key that is unknown may be 404: that is no empty answer.
    if (failure.code !== 'NoSuchKey') {
      throw failure;
    }
    return undefined;
  });
}

async function list(requests: SpaceRequests, prefix: string): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const url = bucketUrl(requests.address, {
      'list-type': '2',
      prefix,
      ...(token !== undefined && { 'continuation-token': token }),
    });
    const root = await requests.send(
      { method: 'GET', url, about: `the list of ${prefix}`, most: PAGE_BYTES },
      [],
      xmlOf(PAGE_BYTES),
    );
    const found = root.children.filter(({ name }) => name === 'Contents').map(readObject);
    objects.push(...found);
    token = textOf(root, 'IsTruncated') === 'true' ? textOf(root, 'NextContinuationToken') : undefined;
    if (token === undefined) {
      requireWhole(root, prefix);
      return objects;
    }
  }
  throw new Error(
    `The space has more than ${objects.length} objects under ${prefix}: they cannot be listed in ${MOST_PAGES} pages.`,
  );
}

/** A listing that is cut, or something else, must not be taken for a whole one. */
function requireWhole(root: XmlElement, prefix: string): void {
  if (root.name !== 'ListBucketResult' || textOf(root, 'IsTruncated') !== 'false') {
    throw new Error(
      `The space answered the list of ${prefix} with <${root.name}>, expected <ListBucketResult> that says whether it is cut.`,
    );
  }
}

function readObject(element: XmlElement): StoredObject {
  const [key, size] = [textOf(element, 'Key'), textOf(element, 'Size')];
  if (key === undefined || size === undefined || !/^\d+$/.test(size)) {
    throw new Error('The space lists an object without key or size.');
  }
  return { key, size: Number(size) };
}

async function setting(requests: SpaceRequests, name: string): Promise<XmlElement | undefined> {
  const url = bucketUrl(requests.address, { [name]: '' });
  try {
    return await requests.send({ method: 'GET', url, about: `the ${name} of the bucket` }, [], xmlOf(PAGE_BYTES));
  } catch (error) {
    if (error instanceof SpaceFailure && error.status >= 400) {
      return undefined;
    }
    throw error;
  }
}

async function* emptyStream(): AsyncGenerator<Uint8Array> {}
