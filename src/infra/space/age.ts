import { randomBytes } from 'node:crypto';
import { derived, MOST_HEADER, readHeader, writeHeader } from './age-header.js';
import { parseIdentities, parseRecipients } from './age-keys.js';
import { open, seal } from './age-seal.js';

/** Bytes of a chunk of the content, before it is encrypted. */
const CHUNK = 64 * 1024;
const TAG = 16;
const FILE_KEY = 16;
const NONCE = 16;
const END_OF_HEADER = '\n---';

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Encrypts to public keys, as files of age, which the program `age` reads.
 *
 * @param recipients X25519 keys, `age1…`, one a line or separated by commas
 * @throws Error naming what is no recipient
 * @see https://c2sp.org/age
 */
export function encryptTo(recipients: string, bytes: Uint8Array): Buffer<ArrayBuffer> {
  const writer = new Writer(recipients);
  return Buffer.concat([...writer.start(), ...writer.add(bytes), writer.end()]);
}

/** Encrypts a stream, as `encryptTo` does bytes, with at most two chunks of 64 KiB in memory. */
export async function* encryptStream(recipients: string, source: Bytes): AsyncGenerator<Buffer> {
  const writer = new Writer(recipients);
  yield* writer.start();
  for await (const bytes of source) {
    yield* writer.add(bytes);
  }
  yield writer.end();
}

/**
 * Decrypts a file of age.
 *
 * @param identity secret keys, `AGE-SECRET-KEY-1…`, as a file of `age-keygen` has them
 * @throws Error when none of them fits, or the file was changed or cut
 */
export function decryptWith(identity: string, bytes: Uint8Array): Buffer<ArrayBuffer> {
  const reader = new Reader(identity);
  return Buffer.concat([...reader.add(bytes), ...reader.end()]);
}

/**
 * Decrypts a stream. Each chunk that comes out is authentic; that nothing is missing at the end is known when it ends
 * without an error.
 */
export async function* decryptStream(identity: string, source: Bytes): AsyncGenerator<Buffer> {
  const reader = new Reader(identity);
  for await (const bytes of source) {
    yield* reader.add(bytes);
  }
  yield* reader.end();
}

/** Counts chunks. The last one says so in its nonce, so that a file which is cut at a chunk's end is noticed. */
class Nonces {
  #count = 0;

  next(isLast: boolean): Buffer {
    const nonce = Buffer.alloc(12);
    nonce.writeUIntBE(this.#count++, 5, 6);
    nonce[11] = isLast ? 1 : 0;
    return nonce;
  }

  get isFirst(): boolean {
    return this.#count === 0;
  }
}

class Writer {
  readonly #recipients;
  readonly #fileKey = randomBytes(FILE_KEY);
  readonly #salt = randomBytes(NONCE);
  readonly #key = derived(this.#fileKey, this.#salt, 'payload');
  readonly #nonces = new Nonces();
  #rest = Buffer.alloc(0);

  constructor(recipients: string) {
    this.#recipients = parseRecipients(recipients);
  }

  start(): Buffer[] {
    return [writeHeader(this.#fileKey, this.#recipients), this.#salt];
  }

  *add(bytes: Uint8Array): Generator<Buffer> {
    let held = Buffer.concat([this.#rest, bytes]);
    // A full chunk is kept until more comes: it may be the last.
    while (held.length > CHUNK) {
      yield seal(this.#key, this.#nonces.next(false), held.subarray(0, CHUNK));
      held = held.subarray(CHUNK);
    }
    this.#rest = held;
  }

  end(): Buffer {
    return seal(this.#key, this.#nonces.next(true), this.#rest);
  }
}

class Reader {
  readonly #identities;
  readonly #nonces = new Nonces();
  #key: Buffer | undefined;
  #rest = Buffer.alloc(0);

  constructor(identity: string) {
    this.#identities = parseIdentities(identity);
  }

  *add(bytes: Uint8Array): Generator<Buffer> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    this.#key ??= this.#readStart();
    if (this.#key === undefined) {
      return;
    }
    while (this.#rest.length > CHUNK + TAG) {
      yield this.#open(this.#key, this.#rest.subarray(0, CHUNK + TAG), false);
      this.#rest = this.#rest.subarray(CHUNK + TAG);
    }
  }

  *end(): Generator<Buffer> {
    if (this.#key === undefined) {
      throw new Error('The encrypted file ends within its header.');
    }
    const isEmptyAfterOthers = this.#rest.length === TAG && !this.#nonces.isFirst;
    if (isEmptyAfterOthers) {
      throw changed();
    }
    yield this.#open(this.#key, this.#rest, true);
  }

  #open(key: Buffer, sealed: Buffer, isLast: boolean): Buffer {
    const bytes = open(key, this.#nonces.next(isLast), sealed);
    if (bytes === undefined) {
      throw changed();
    }
    return bytes;
  }

  /** The key of the content, as soon as the header and the salt are there. */
  #readStart(): Buffer | undefined {
    const at = this.#rest.indexOf(END_OF_HEADER);
    const end = at === -1 ? -1 : this.#rest.indexOf('\n', at + 1) + 1;
    if (end < 1 || this.#rest.length < end + NONCE) {
      if (this.#rest.length > MOST_HEADER) {
        throw new Error(`The file has no header of age in its first ${MOST_HEADER} bytes.`);
      }
      return undefined;
    }
    const fileKey = readHeader(this.#rest.subarray(0, end), this.#identities);
    const salt = this.#rest.subarray(end, end + NONCE);
    this.#rest = this.#rest.subarray(end + NONCE);
    return derived(fileKey, salt, 'payload');
  }
}

function changed(): Error {
  return new Error('The encrypted file was changed, or its end is missing.');
}
