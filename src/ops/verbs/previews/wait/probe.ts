/** What an address has to answer to count as live. */
export interface Probe {
  url: string;
  /** Any of these HTTP statuses. */
  statuses: readonly number[];
  /** Where the running version is told, and what it may be. */
  version: { source: VersionSource; accepted: readonly string[] } | undefined;
}

/** A response header, or a place in a JSON body. */
export type VersionSource = { header: string } | { path: string[] };

/** How long one request may take, and how much of a body is read. */
const REQUEST_MS = 10_000;
const BODY_BYTES = 1024 * 1024;

/**
 * Reads where a version is told: `x-version` is a header, `$.build.version` (or `.build.version`) a place in a JSON body.
 *
 * @throws Error naming the text where it is neither
 */
export function parseVersionSource(text: string): VersionSource {
  if (/^\$?\./.test(text)) {
    const path = text.replace(/^\$?\./, '').split('.');
    if (path.every((key) => /^[\w-]+$/.test(key))) {
      return { path };
    }
  } else if (/^[A-Za-z0-9-]+$/.test(text)) {
    return { header: text };
  }
  throw new Error(
    `expected the name of a response header such as x-version, or a place in a JSON body such as $.version, found ${JSON.stringify(text)}.`,
  );
}

/**
 * Asks an address once. Redirects are not followed: a login page elsewhere says nothing about the preview.
 *
 * @returns `undefined` when it is live, else what it answered, for a person
 */
export async function ask(probe: Probe): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(probe.url, { redirect: 'manual', signal: AbortSignal.timeout(REQUEST_MS) });
  } catch (error) {
    return `did not answer (${reasonOf(error)})`;
  }
  const body = probe.version !== undefined && 'path' in probe.version.source ? await readBody(response) : undefined;
  await response.body?.cancel().catch(() => {});
  if (!probe.statuses.includes(response.status)) {
    return `answered ${response.status}, expected ${probe.statuses.join(' or ')}`;
  }
  if (probe.version === undefined) {
    return undefined;
  }
  const { source, accepted } = probe.version;
  const found = 'header' in source ? (response.headers.get(source.header) ?? undefined) : valueAt(body, source.path);
  if (found !== undefined && accepted.some((version) => isVersion(found, version))) {
    return undefined;
  }
  const place = 'header' in source ? `header ${source.header}` : `"${source.path.join('.')}" of its JSON`;
  return `runs ${found === undefined ? `an unknown version (no ${place})` : JSON.stringify(found)}, expected ${accepted.join(' or ')}`;
}

/** The version itself, or the beginning of a commit's id, at least seven digits. */
function isVersion(found: string, version: string): boolean {
  const text = found.trim();
  return text === version || (/^[0-9a-f]{7,40}$/.test(text) && version.startsWith(text));
}

/** The text at a place in a JSON body, `undefined` where there is none. */
export function valueAt(body: string | undefined, path: readonly string[]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
  for (const key of path) {
    const entry = Object.entries(typeof value === 'object' && value !== null ? value : {}).find(([own]) => own === key);
    value = entry?.[1];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

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

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error) {
    return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  }
  return String(cause);
}
