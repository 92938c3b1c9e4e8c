import { createHash } from 'node:crypto';
import { bucketUrl, objectUrl } from './space-address.js';
import { drain, type SpaceRequests, xmlOf } from './space-requests.js';
import { textOf } from './space-xml.js';
import type { Written } from './written.js';

/** Bytes of the first parts. All but the last have to have 5 MiB, and there may be 10,000: later ones get larger. */
const PART = 16 * 1024 * 1024;
const PARTS_OF_A_SIZE = 1000;
const MOST_PARTS = 10_000;
const ANSWER_BYTES = 1024 * 1024;

/**
 * Writes a stream whose size nobody knows, part by part. The object is there when the last request has been answered, and
 * not before: where `source` fails, nothing is.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export async function uploadParts(
  requests: SpaceRequests,
  key: string,
  source: AsyncIterable<Uint8Array>,
): Promise<Written> {
  const upload = new Upload(requests, key);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const part of partsOf(source)) {
      hash.update(part);
      bytes += part.length;
      await upload.add(part);
    }
    await upload.finish();
  } catch (error) {
    await upload.abort();
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Pieces of a stream as parts; one without a byte where the stream has none. */
async function* partsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let count = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= PART * 2 ** Math.floor(count / PARTS_OF_A_SIZE)) {
      yield Buffer.concat(chunks);
      [chunks, size, count] = [[], 0, count + 1];
    }
  }
  if (size > 0 || count === 0) {
    yield Buffer.concat(chunks);
  }
}

class Upload {
  readonly #requests: SpaceRequests;
  readonly #key: string;
  readonly #etags: string[] = [];
  /** What was not sent yet: a stream of one part is written at once. */
  #first: Uint8Array<ArrayBuffer> | undefined;
  #id: string | undefined;

  constructor(requests: SpaceRequests, key: string) {
    this.#requests = requests;
    this.#key = key;
  }

  async add(part: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#id === undefined && this.#first === undefined) {
      this.#first = part;
      return;
    }
    this.#id ??= await this.#start();
    if (this.#first !== undefined) {
      await this.#send(this.#id, this.#first);
      this.#first = undefined;
    }
    await this.#send(this.#id, part);
  }

  async finish(): Promise<void> {
    if (this.#id === undefined) {
      const body = this.#first ?? new Uint8Array();
      const url = objectUrl(this.#requests.address, this.#key);
      await this.#requests.send({ method: 'PUT', url, about: this.#key, body }, [], drain);
      return;
    }
    const parts = this.#etags.map(
      (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`,
    );
    const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
    const url = this.#url({ uploadId: this.#id });
    await this.#requests.send({ method: 'POST', url, about: this.#key, body }, [], async (answer) => {
      // It may fail after it has answered with 200.
      const root = await xmlOf(ANSWER_BYTES)(answer);
      if (root.name !== 'CompleteMultipartUploadResult') {
        throw new Error(`The space did not put ${this.#key} together: ${textOf(root, 'Code') ?? root.name}.`);
      }
    });
  }

  /** Parts that nobody puts together cost money. That this fails changes nothing of why it is done. */
  async abort(): Promise<void> {
    const id = this.#id;
    if (id !== undefined) {
      const request = { method: 'DELETE', url: this.#url({ uploadId: id }), about: this.#key } as const;
      await this.#requests.send(request, [404], drain).catch(() => undefined);
    }
  }

  async #start(): Promise<string> {
    const request = { method: 'POST', url: this.#url({ uploads: '' }), about: this.#key } as const;
    const root = await this.#requests.send(request, [], xmlOf(ANSWER_BYTES));
    const id = textOf(root, 'UploadId');
    if (id === undefined) {
      throw new Error(`The space began no upload of ${this.#key}: its answer has no UploadId.`);
    }
    return id;
  }

  async #send(id: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const number = this.#etags.length + 1;
    if (number > MOST_PARTS) {
      throw new Error(`${this.#key} is larger than ${MOST_PARTS} parts, which is all that a space takes.`);
    }
    const url = this.#url({ partNumber: String(number), uploadId: id });
    const about = `${this.#key}, part ${number}`;
    const etag = await this.#requests.send({ method: 'PUT', url, about, body }, [], async (answer) => {
      await drain(answer);
      return answer.response.headers.get('etag');
    });
    if (etag === null) {
      throw new Error(`The space answered to ${about} without an ETag.`);
    }
    this.#etags.push(etag);
  }

  #url(query: Record<string, string>): URL {
    const url = objectUrl(this.#requests.address, this.#key);
    url.search = bucketUrl(this.#requests.address, query).search;
    return url;
  }
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
