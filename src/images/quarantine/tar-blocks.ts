import { LayerRefusal } from './allowance.js';
import { isPlainExtendedHeader } from './extended-header.js';

const BLOCK = 512;
const ZERO_BLOCK = Buffer.alloc(BLOCK);

/** Where what is, in a header. @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06 */
const SIZE = { from: 124, to: 136 };
const MAGIC = { from: 257, to: 262 };
const TYPE = 156;

/** First byte of a size in binary, which takes files of 8 GiB and more. Nothing is larger than six bytes can say. */
const BINARY = 0x80;
const BINARY_BYTES = 6;

/** Kinds of entries that may have content, and those that have none. */
const FILES = new Set(['0', '\0']);
const EMPTY = new Set(['1', '2', '3', '4', '5', '6']);
/** What says more of the entry after it: as POSIX has it, and as GNU does (a name, a link). */
const POSIX_MORE = 'x';
const GNU_MORE = new Set(['L', 'K']);

const SAID_DIFFERENTLY = 'one of its layers has an entry of which more is said in ways that programs read differently';

/** Most bytes that say more of one entry. */
const MOST_MORE = 1024 * 1024;

/**
 * Walks through the blocks of an archive as it is read, and takes only what all programs read alike. They differ on sizes that are
 * written oddly, on empty extended headers, on which of two names counts, and on what comes after the end: where one program
 * finds a file's content, another finds headers.
 */
export class TarBlocks {
  /** Entries so far, without what says more of them. */
  entries = 0;
  #pending = Buffer.alloc(0);
  #content = 0;
  /** What an extended header says so far, and how much of it is still to come. */
  #said: { parts: Buffer[]; left: number } | undefined;
  #isOver = false;
  /** What said more of the next entry. */
  #more = new Set<string>();

  /** @throws LayerRefusal where programs may differ on what follows */
  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#content > 0) {
        const skipped = Math.min(this.#content, chunk.length - at);
        this.#hear(chunk.subarray(at, at + skipped));
        this.#content -= skipped;
        at += skipped;
        continue;
      }
      const part = chunk.subarray(at, at + BLOCK - this.#pending.length);
      at += part.length;
      const block = this.#pending.length === 0 ? part : Buffer.concat([this.#pending, part]);
      if (block.length < BLOCK) {
        this.#pending = Buffer.from(block);
        return;
      }
      this.#pending = Buffer.alloc(0);
      this.#header(block);
    }
  }

  #header(block: Buffer): void {
    if (block.equals(ZERO_BLOCK)) {
      this.#isOver = true;
      if (this.#more.size > 0) {
        throw new LayerRefusal('one of its layers ends before the entry that it says more of');
      }
      return;
    }
    if (this.#isOver) {
      throw new LayerRefusal('one of its layers goes on after its end');
    }
    if (block.toString('latin1', MAGIC.from, MAGIC.to) !== 'ustar') {
      throw new LayerRefusal('one of its layers cannot be unpacked (no header where one is due)');
    }
    const type = String.fromCharCode(block[TYPE] ?? 0);
    const size = sizeIn(block.subarray(SIZE.from, SIZE.to));
    if (size === undefined) {
      throw new LayerRefusal('one of its layers has an entry whose size is not plain');
    }
    this.#content = Math.ceil(size / BLOCK) * BLOCK;
    if (type === POSIX_MORE || GNU_MORE.has(type)) {
      this.#sayMore(type, size);
      return;
    }
    const shown = JSON.stringify(type);
    if (!(FILES.has(type) || EMPTY.has(type))) {
      throw new LayerRefusal(`one of its layers has an entry of a kind that is not known (${shown})`);
    }
    if (EMPTY.has(type) && size > 0) {
      throw new LayerRefusal(`one of its layers has an entry of the kind ${shown}, which is no file and has a size`);
    }
    this.entries += 1;
    this.#more.clear();
  }

  /** Keeps what an extended header says, and looks at it once it is whole. */
  #hear(content: Buffer): void {
    const said = this.#said;
    if (said === undefined) {
      return;
    }
    const part = content.subarray(0, said.left);
    said.parts.push(Buffer.from(part));
    said.left -= part.length;
    if (said.left === 0) {
      this.#said = undefined;
      if (!isPlainExtendedHeader(Buffer.concat(said.parts))) {
        throw new LayerRefusal(SAID_DIFFERENTLY);
      }
    }
  }

  #sayMore(type: string, size: number): void {
    const isMixed = this.#more.size > 0 && this.#more.has(POSIX_MORE) !== (type === POSIX_MORE);
    if (size === 0 || size > MOST_MORE || this.#more.has(type) || isMixed) {
      throw new LayerRefusal(SAID_DIFFERENTLY);
    }
    this.#more.add(type);
    this.#said = type === POSIX_MORE ? { parts: [], left: size } : undefined;
  }
}

/** @returns bytes; `undefined` where programs may read it differently */
function sizeIn(field: Buffer): number | undefined {
  if (field[0] === BINARY) {
    const rest = field.subarray(1);
    const [high, low] = [rest.subarray(0, -BINARY_BYTES), rest.subarray(-BINARY_BYTES)];
    return high.every((byte) => byte === 0) ? low.readUIntBE(0, BINARY_BYTES) : undefined;
  }
  const text = field.toString('latin1');
  const written = text.slice(Math.max(0, text.search(/[^ ]/)));
  const end = written.search(/[ \0]/);
  const [digits, rest] = end < 0 ? [written, ''] : [written.slice(0, end), written.slice(end)];
  return /^[0-7]*$/.test(digits) && /^[ \0]*$/.test(rest) ? Number.parseInt(`0${digits}`, 8) : undefined;
}
