import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/**
 * What one text may take that a step is given, in bytes: inputs are environment variables, and Linux allows 128 KiB for
 * one, with its name.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html#NOTES (MAX_ARG_STRLEN)
 */
export const MOST_BYTES = 127 * 1024;

/** Tells a packed text from JSON, which never begins like this. */
const PREFIX = 'packed:';

/** The best of Brotli but one: 11 packs 3 % more in more than twice the time. */
const QUALITY = 10;

/** More than this comes out of no list of ours. */
const MOST_UNPACKED = 64 * 1024 * 1024;

/**
 * A value as an output that a later step can be given: JSON, and where that is too long for a step, packed (Brotli in
 * base64). The release of 2,000 apps is 590 KiB as JSON and 10 KiB packed; of 2,000 images 490 and 101 KiB, since digests
 * cannot be packed.
 *
 * @returns at most `MOST_BYTES` bytes, unless the value does not fit even so
 */
export function packed(value: unknown): string {
  const json = JSON.stringify(value);
  if (Buffer.byteLength(json) <= MOST_BYTES) {
    return json;
  }
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  };
  return PREFIX + brotliCompressSync(json, { params }).toString('base64');
}

/** Whether a step can be given the value. */
export function fits(value: unknown): boolean {
  return Buffer.byteLength(packed(value)) <= MOST_BYTES;
}

/** Whether a text is what `packed` makes of a long value. */
export function isPacked(text: string): boolean {
  return text.startsWith(PREFIX);
}

/**
 * The JSON of what `packed` gave.
 *
 * @throws Error when the text is cut, or packed by something else
 */
export function unpacked(text: string): string {
  if (!isPacked(text)) {
    return text;
  }
  try {
    const bytes = Buffer.from(text.slice(PREFIX.length), 'base64');
    return brotliDecompressSync(bytes, { maxOutputLength: MOST_UNPACKED }).toString('utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`what follows "${PREFIX}" cannot be unpacked (${reason}): pass an output on as it is`);
  }
}
