import { createHash } from 'node:crypto';
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
  if (!response.ok || response.body === null) {
    throw new Error(`${url} answers ${response.status}.`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.length;
    if (bytes > MOST_BYTES) {
      throw new Error(`${url} has more than ${MOST_BYTES / 1024 / 1024} MB. Expected manifests.`);
    }
    parts.push(part);
  }
  const content = Buffer.concat(parts);
  return { text: content.toString('utf8'), digest: `sha256:${createHash('sha256').update(content).digest('hex')}` };
}
