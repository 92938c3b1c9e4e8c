import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/**
 * Largest input of a step, in bytes: inputs are environment variables, and Linux allows 128 KiB for one with its name.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html#NOTES (MAX_ARG_STRLEN)
 */
export const MOST_BYTES = 127 * 1024;

/** Start of a packed text. JSON never begins like this. */
const PREFIX = 'packed:';

/** Brotli's second highest quality: 11 packs 3 % more but takes more than twice the time. */
const QUALITY = 10;

/** Largest unpacked text, in bytes; no list of ours is larger. */
const MOST_UNPACKED = 64 * 1024 * 1024;

/**
 * A value as an output that a later step can take as an input: JSON, or packed (Brotli in base64) if that is too long. The release of 2,000 apps is 590 KiB as JSON and 10 KiB packed; of 2,000 images 490 and 101 KiB, since digests
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

/** Whether the value fits into an input of a step. */
export function fits(value: unknown): boolean {
  return Buffer.byteLength(packed(value)) <= MOST_BYTES;
}

/** Whether a text is packed. */
export function isPacked(text: string): boolean {
  return text.startsWith(PREFIX);
}

/**
 * The JSON of an output of `packed`.
 *
 * @throws Error when the text is cut or was not packed here
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
