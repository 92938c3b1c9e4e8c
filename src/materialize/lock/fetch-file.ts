import { readBody } from '../../images/bounded-body.js';
import { digestOf } from '../../images/digest.js';
import { isFetchable } from './fetch-git.js';

/** Bytes that a manifest may have, and milliseconds that it may take. */
const MOST_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** Most servers that one sends on to the next. */
const MOST_REDIRECTS = 5;

/**
 * Fetches a text, also where a server sends on to another one, as GitHub does with files of releases: no token goes along, and the
 * digest says that it is the same text.
 *
 * @throws Error where the URL, or one that it leads to, is not https, the server does not give it, or it is too large
 */
export async function fetchFile(url: string, ask: typeof fetch = fetch): Promise<{ text: string; digest: string }> {
  if (!isFetchable(url)) {
    throw new Error(`${url} is not fetched: expected a URL that begins with https:// and has no password in it.`);
  }
  const response = await answerOf(url, ask);
  if (!response.ok) {
    throw new Error(`${url} answers ${response.status}.`);
  }
  const content = await readBody(response, MOST_BYTES);
  return { text: content.toString('utf8'), digest: digestOf(content) };
}

async function answerOf(url: string, ask: typeof fetch): Promise<Response> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (let [at, count] = [url, 0]; count <= MOST_REDIRECTS; count += 1) {
    const response = await ask(at, { redirect: 'manual', signal }).catch((error) => {
      throw new Error(`${url} cannot be fetched: ${error instanceof Error ? error.message : String(error)}.`);
    });
    const to = response.status < 300 || response.status > 399 ? null : response.headers.get('location');
    if (to === null) {
      return response;
    }
    await response.body?.cancel();
    const next = URL.canParse(to, at) ? new URL(to, at) : undefined;
    if (next === undefined || !isFetchable(next.href) || (at.startsWith('https:') && next.protocol !== 'https:')) {
      // What comes after the host may be a key.
      throw new Error(`${url} leads on to ${next?.origin ?? 'no URL'}, which is not fetched: expected https://.`);
    }
    at = next.href;
  }
  throw new Error(`${url} leads on more than ${MOST_REDIRECTS} times.`);
}
