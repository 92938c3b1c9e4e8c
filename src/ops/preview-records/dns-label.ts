import { createHash } from 'node:crypto';

/** Most characters of a DNS label, and so of a namespace and of a label's value (RFC 1123, section 2.1). */
export const MAX_LABEL = 63;

const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** How labels end that carry a hash. A text that ends so gets a hash of its own, so that it never equals a hashed one. */
const HASHED = /-h[0-9a-f]{8}$/;

/**
 * Makes a DNS label of a text: the text itself where it is one, otherwise what fits of it and a hash. Different texts give
 * different labels, as far as 32 bits of SHA-256 do.
 *
 * @param max most characters, at least 11
 */
export function distinctLabel(text: string, max = MAX_LABEL): string {
  if (DNS_LABEL.test(text) && text.length <= max && !HASHED.test(text)) {
    return text;
  }
  return hashedLabel(text, text, max);
}

/**
 * Makes a DNS label of what fits of a text, and a hash.
 *
 * @param key what the hash is of: different keys give different labels, as far as 32 bits of SHA-256 do
 * @param max most characters, at least 11
 */
export function hashedLabel(text: string, key: string, max = MAX_LABEL): string {
  const hash = `h${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const kept = plain
    .replace(/^-+/, '')
    .slice(0, max - hash.length - 1)
    .replace(/(?<!-)-+$/, '');
  return kept === '' ? hash : `${kept}-${hash}`;
}
