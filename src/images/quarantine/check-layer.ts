import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import * as v from 'valibot';
import { type Allowance, LayerRefusal } from './allowance.js';
import { TarBlocks } from './tar-blocks.js';

/** Most files of a layer: a large one has a tenth of that. */
const MOST_FILES = 1_000_000;

const paxSchema = v.nullish(v.record(v.string(), v.unknown()), {});

/**
 * Reads a layer to its end without keeping it: that it is what it says to be, an archive of files, packed or not, and what
 * it takes when a machine unpacks it. Where programs may differ on where a file ends, the layer is refused: one could hide
 * from us what another one finds.
 *
 * @param layer its bytes, destroyed at the end
 * @param isPacked whether it says to be packed with gzip
 * @returns the digest of what it unpacks to
 * @throws Error with the reason why it is refused
 */
export async function checkLayer(layer: Readable, isPacked: boolean, allowance: Allowance): Promise<string> {
  const archive = extract();
  const blocks = new TarBlocks();
  const unpacked = createHash('sha256');
  let files = 0;
  archive.on('entry', (header, content, next) => {
    files += 1;
    // The whole fails with the same error.
    content.on('error', () => {});
    const reason = files > MOST_FILES ? `more than ${MOST_FILES} files` : problemOf(header);
    if (reason !== undefined) {
      next(new LayerRefusal(`one of its layers has ${reason}`));
      return;
    }
    content.on('end', () => next());
    content.resume();
  });
  const measured = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      allowance.take(chunk.length);
      blocks.take(chunk);
      unpacked.update(chunk);
      yield chunk;
    }
  };
  try {
    await (isPacked ? pipeline(layer, createGunzip(), measured, archive) : pipeline(layer, measured, archive));
    if (blocks.entries !== files) {
      throw new LayerRefusal('one of its layers reads differently from program to program');
    }
    return `sha256:${unpacked.digest('hex')}`;
  } catch (error) {
    throw error instanceof LayerRefusal
      ? error
      : new Error(`one of its layers cannot be unpacked (${messageOf(error)})`);
  }
}

/**
 * What an honest layer has not, as the rest of a sentence; `undefined` where there is nothing. Kinds and sizes of headers are
 * looked at before, block by block: this is about what extended headers say, and a file that is a folder by its name.
 */
function problemOf({ name, type, size, pax }: Header): string | undefined {
  const extended = Object.keys(v.parse(paxSchema, pax) ?? {});
  const shown = JSON.stringify(name.slice(0, 100));
  if (extended.includes('size')) {
    return `the entry ${shown}, whose size is not plain`;
  }
  if (size > 0 && (type !== 'file' || name.endsWith('/'))) {
    return `the entry ${shown}, which is no file and has a size`;
  }
  return extended.some((key) => key.startsWith('GNU.sparse.')) ? `the sparse file ${shown}` : undefined;
}

/** @param error may be an `Error` of another realm in tests */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
