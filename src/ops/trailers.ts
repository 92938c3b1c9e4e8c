/**
 * The trailers of a commit in an ops repository. The history of the branch is the ledger: audit, status, roll back and
 * metrics are folds over these.
 */
export interface Trailers {
  /** Which verb wrote the commit: `bump-ops-overlay`, `promote`… */
  action: string;
  environment: string;
  app: string;
  version: string;
  /** `repository:tag@sha256:…` or what is known of it. */
  images: string[];
  /** `owner/repo@sha` of the source. */
  source: string | undefined;
  /** Page of the workflow run. */
  run: string | undefined;
}

const KEYS = {
  action: 'Ostack-Action',
  environment: 'Ostack-Environment',
  app: 'Ostack-App',
  version: 'Ostack-Version',
  image: 'Ostack-Image',
  source: 'Ostack-Source',
  run: 'Ostack-Run',
} as const;

/**
 * Writes trailers, one a line. Line breaks in a value become spaces, so that no value can add a trailer.
 *
 * @see https://git-scm.com/docs/git-interpret-trailers
 */
export function formatTrailers(trailers: Trailers): string {
  const lines: [string, string | undefined][] = [
    [KEYS.action, trailers.action],
    [KEYS.environment, trailers.environment],
    [KEYS.app, trailers.app],
    [KEYS.version, trailers.version],
    ...trailers.images.map((image): [string, string] => [KEYS.image, image]),
    [KEYS.source, trailers.source],
    [KEYS.run, trailers.run],
  ];
  return lines
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}: ${(value ?? '').replace(/\s+/g, ' ').trim()}`)
    .join('\n');
}

/**
 * Reads the trailers of a commit message.
 *
 * @returns `undefined` when it has none of ours (no `Ostack-Action`, environment, app and version in its last paragraph)
 */
export function parseTrailers(message: string): Trailers | undefined {
  const paragraph =
    message
      .trim()
      .split(/\n[ \t]*\n/)
      .at(-1) ?? '';
  const values = new Map<string, string[]>();
  for (const line of paragraph.split(/\r?\n/)) {
    const match = /^([A-Za-z][A-Za-z-]*): *(.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) {
      const key = match[1].toLowerCase();
      values.set(key, [...(values.get(key) ?? []), match[2].trim()]);
    }
  }
  const first = (key: string) => values.get(key.toLowerCase())?.[0];
  const [action, environment, app, version] = [
    first(KEYS.action),
    first(KEYS.environment),
    first(KEYS.app),
    first(KEYS.version),
  ];
  if (action === undefined || environment === undefined || app === undefined || version === undefined) {
    return undefined;
  }
  return {
    action,
    environment,
    app,
    version,
    images: values.get(KEYS.image.toLowerCase()) ?? [],
    source: first(KEYS.source),
    run: first(KEYS.run),
  };
}
