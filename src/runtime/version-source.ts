/** Where an address shows the version that it runs: a response header, or a value in a JSON body by its keys. */
export type VersionSource = { header: string } | { path: string[] };

/**
 * Reads a version source: `x-version` is a response header, `$.build.version` (or `.build.version`) a value in a JSON body.
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

/** A version source for messages. */
export function describeSource(source: VersionSource): string {
  return 'header' in source ? `header ${source.header}` : `"${source.path.join('.')}" of its JSON`;
}

/** The text or number that a JSON body has under these keys, as text; `undefined` where there is none. */
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
