import { readBody } from '../../images/bounded-body.js';
import { digestOf } from '../../images/digest.js';
import { isFetchable } from './fetch-git.js';

/** Bytes that a manifest may have, and milliseconds that it may take. */
const MOST_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * Fetches a text.
 *
 * @throws Error where the URL is not https, the server does not give it, or it is too large
 */
export async function fetchFile(url: string): Promise<{ text: string; digest: string }> {
  if (!isFetchable(url)) {
    throw new Error(`${url} is not fetched: expected a URL that begins with https:// and has no password in it.`);
  }
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error) => {
    throw new Error(`${url} cannot be fetched: ${error instanceof Error ? error.message : String(error)}.`);
  });
  if (!response.ok) {
    throw new Error(`${url} answers ${response.status}.`);
  }
  const content = await readBody(response, MOST_BYTES);
  return { text: content.toString('utf8'), digest: digestOf(content) };
}
