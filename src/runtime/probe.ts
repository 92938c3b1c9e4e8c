import { describeSource, type VersionSource, valueAt } from './version-source.js';

/** What an address has to answer for its app to be live. */
export interface Probe {
  url: string;
  /** Any of these HTTP statuses. */
  statuses: readonly number[];
  /** Where the address shows its version, and the versions that are accepted; `undefined` where any is. */
  version: { source: VersionSource; accepted: readonly string[] } | undefined;
}

/** The longest that a request may take, in milliseconds, and the most bytes of a body that are read. */
const REQUEST_MS = 10_000;
const BODY_BYTES = 1024 * 1024;

/**
 * Sends one request to an address. Redirects are not followed: the login page of another site proves nothing.
 *
 * @returns `undefined` when it answers as it has to; otherwise what it did, for people, to follow its URL in a sentence
 */
export async function runProbe({ url, statuses, version }: Probe): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(REQUEST_MS) });
  } catch (error) {
    return `did not answer (${reasonOf(error)})`;
  }
  const body = version !== undefined && 'path' in version.source ? await readBody(response) : undefined;
  await response.body?.cancel().catch(() => {});
  if (!statuses.includes(response.status)) {
    return `answered ${response.status}, expected ${statuses.join(' or ')}`;
  }
  if (version === undefined) {
    return undefined;
  }
  const { source, accepted } = version;
  const found = 'header' in source ? (response.headers.get(source.header) ?? undefined) : valueAt(body, source.path);
  if (found === undefined) {
    return `runs an unknown version (no ${describeSource(source)}), expected ${accepted.join(' or ')}`;
  }
  return accepted.some((each) => isVersion(found, each))
    ? undefined
    : `runs ${JSON.stringify(found)}, expected ${accepted.join(' or ')}`;
}

/** Whether a text is a version, or at least the first seven digits of a commit's id. */
function isVersion(found: string, version: string): boolean {
  const text = found.trim();
  return text === version || (/^[0-9a-f]{7,40}$/.test(text) && version.startsWith(text));
}

/** The body as text, `undefined` where it is too long or breaks off. */
async function readBody(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > BODY_BYTES) {
        return undefined;
      }
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The code or message of a failed request, which `fetch` has in the cause of its error. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error) {
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  }
  return String(cause);
}
