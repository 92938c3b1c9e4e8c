/**
 * The trailers of a commit in an ops repository. Audit, status, rollback and metrics are computed from the history of
 * the branch, and a commit says by its trailers what it deploys and why.
 *
 * @see https://git-scm.com/docs/git-interpret-trailers
 */
export interface Trailers {
  /** Which action made the commit: `bump-ops-overlay`, `promote`, … */
  action: string;
  environment: string;
  app: string;
  version: string;
  /** `repository:tag@sha256:…`, or as much of it as is known. */
  images: string[];
  /** `podinfo 6.5.0 from oci://ghcr.io/acme/charts as web`, or as much of it as is known. */
  charts?: readonly string[] | undefined;
  /** `owner/repo@sha` of the source. */
  source: string | undefined;
  /** URL of the workflow run. */
  run: string | undefined;
  /** Further apps of the commit, with their versions: each a pair of `Ostack-App` and `Ostack-Version`. */
  more?: readonly AppVersion[] | undefined;
  /** For a promotion the environment it comes from, for a rollback the version that it replaces. */
  from?: string | undefined;
  /** The reason that whoever started it gave. */
  reason?: string | undefined;
  /** Login of who started it. */
  by?: string | undefined;
  /** Login of who overrode the policy with `force`. */
  forcedBy?: string | undefined;
}

/** An app with the version that a commit gives it. */
export interface AppVersion {
  app: string;
  version: string;
}

/** All apps of a commit, with their versions. */
export function appsOf({ app, version, more = [] }: Trailers): AppVersion[] {
  return [{ app, version }, ...more];
}

const KEYS = {
  action: 'Ostack-Action',
  environment: 'Ostack-Environment',
  app: 'Ostack-App',
  version: 'Ostack-Version',
  image: 'Ostack-Image',
  chart: 'Ostack-Chart',
  source: 'Ostack-Source',
  run: 'Ostack-Run',
  from: 'Ostack-From',
  reason: 'Ostack-Reason',
  by: 'Ostack-By',
  forcedBy: 'Ostack-Forced-By',
} as const;

/**
 * Writes trailers, each on a line. Line breaks and control characters in a value become spaces, so that a value cannot add a
 * trailer, whatever is taken for the end of a line. What is blank is left out, an app with its version together.
 *
 * @see https://git-scm.com/docs/git-interpret-trailers
 */
export function formatTrailers(trailers: Trailers): string {
  const lines: [string, string | undefined][] = [
    [KEYS.action, trailers.action],
    [KEYS.environment, trailers.environment],
    ...appsOf(trailers)
      .filter(({ app, version }) => oneLine(app) !== '' && oneLine(version) !== '')
      .flatMap(({ app, version }): [string, string][] => [
        [KEYS.app, app],
        [KEYS.version, version],
      ]),
    ...trailers.images.map((image): [string, string] => [KEYS.image, image]),
    ...(trailers.charts ?? []).map((chart): [string, string] => [KEYS.chart, chart]),
    [KEYS.source, trailers.source],
    [KEYS.from, trailers.from],
    [KEYS.reason, trailers.reason],
    [KEYS.by, trailers.by],
    [KEYS.forcedBy, trailers.forcedBy],
    [KEYS.run, trailers.run],
  ];
  return trailerLines(lines);
}

/** Writes lines of trailers as `formatTrailers` does. */
export function trailerLines(lines: readonly (readonly [key: string, value: string | undefined])[]): string {
  return lines
    .map(([key, value]) => [key, oneLine(value ?? '')])
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n');
}

function oneLine(value: string): string {
  return value.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/**
 * Reads the trailers of a commit message.
 *
 * @returns `undefined` where its last paragraph lacks `Ostack-Action`, `-Environment`, `-App` or `-Version`
 */
export function parseTrailers(message: string): Trailers | undefined {
  const lines = lastParagraph(message);
  const all = (key: string) => trailerValues(message, key);
  const first = (key: string) => all(key)[0];
  const [action, environment] = [first(KEYS.action), first(KEYS.environment)];
  const [one, ...more] = pairs(lines);
  const charts = all(KEYS.chart);
  if (action === undefined || environment === undefined || one === undefined) {
    return undefined;
  }
  return {
    action,
    environment,
    ...one,
    images: all(KEYS.image),
    ...(charts.length === 0 ? {} : { charts }),
    source: first(KEYS.source),
    run: first(KEYS.run),
    more: more.length === 0 ? undefined : more,
    from: first(KEYS.from),
    reason: first(KEYS.reason),
    by: first(KEYS.by),
    forcedBy: first(KEYS.forcedBy),
  };
}

/** The values of a trailer of a commit message, in their order. */
export function trailerValues(message: string, key: string): string[] {
  return lastParagraph(message).flatMap(([name, value]) => (name === key.toLowerCase() ? [value] : []));
}

/** The lines of the last paragraph of the form `Key: value`, with keys in lower case. */
function lastParagraph(message: string): [key: string, value: string][] {
  const paragraph =
    message
      .trim()
      .split(/\n[ \t]*\n/)
      .at(-1) ?? '';
  return paragraph.split(/\r?\n/).flatMap((line): [string, string][] => {
    const match = /^([A-Za-z][A-Za-z-]*): *(.*)$/.exec(line);
    return match?.[1] === undefined || match[2] === undefined ? [] : [[match[1].toLowerCase(), match[2].trim()]];
  });
}

/** Pairs the first app with the first version, the second with the second, and so on. */
function pairs(lines: readonly [string, string][]): AppVersion[] {
  const values = (key: string) => lines.filter(([name]) => name === key.toLowerCase()).map(([, value]) => value);
  const versions = values(KEYS.version);
  return values(KEYS.app).flatMap((app, index) => {
    const version = versions[index];
    return version === undefined ? [] : [{ app, version }];
  });
}
