/** How to log in, as a registry answers a request without a valid login. */
export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: URL; service: string | undefined; scope: string | undefined };

/** One challenge of the header, whatever its scheme. */
interface AnyChallenge {
  scheme: string;
  parameters: Map<string, string>;
}

/** A parameter: a name, and a value with or without quotes; in quotes a backslash stands before any character. */
const PARAMETER = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/;

/** A scheme; what follows it is a parameter, another challenge, or a value of 68 characters (`Negotiate YII=`). */
const SCHEME = /^([!#$%&'*+.^_`|~\w-]+)(?:[ \t]+|(?=,)|$)/;

/**
 * Reads a `WWW-Authenticate` header: one challenge or several, which `fetch` also makes of several headers.
 *
 * @returns the challenges that can be answered, Basic and Bearer with a realm, in the order of the header
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1
 * @see https://distribution.github.io/distribution/spec/auth/token/#how-to-authenticate
 */
export function parseChallenges(header: string): Challenge[] {
  return readAll(header).flatMap(({ scheme, parameters }): Challenge[] => {
    if (scheme === 'basic') {
      return [{ scheme }];
    }
    const realm = parameters.get('realm') ?? '';
    return scheme === 'bearer' && URL.canParse(realm)
      ? [{ scheme, realm: new URL(realm), service: parameters.get('service'), scope: parameters.get('scope') }]
      : [];
  });
}

function readAll(header: string): AnyChallenge[] {
  const found: AnyChallenge[] = [];
  let rest = header.slice(0, LONGEST).trimStart();
  while (rest !== '') {
    const parameter = PARAMETER.exec(rest);
    const scheme = parameter === null ? SCHEME.exec(rest) : null;
    if (parameter !== null) {
      const [, name = '', quoted, bare = ''] = parameter;
      found.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare);
    } else if (scheme !== null) {
      found.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters: new Map() });
    }
    const skipped = parameter?.[0].length ?? scheme?.[0].length ?? Math.max(1, rest.search(/,|$/));
    rest = rest.slice(skipped).replace(/^[\s,]+/, '');
  }
  return found;
}

/** Longest header that is looked at, in characters. */
const LONGEST = 8192;

/**
 * Whether a registry's password may be sent to the token service that the registry names: the registry itself, or a host
 * of the same organisation over TLS (Docker Hub, DigitalOcean and GitLab have one). Any other could be forged to collect
 * passwords.
 *
 * @param registry host with port as requests go to it, for example `registry-1.docker.io`
 * @param named hosts, with port where it is another than 443, that people allow it beside those
 */
export function mayReceivePassword(registry: string, realm: URL, named: readonly string[] = []): boolean {
  if (named.includes(realm.host) && realm.protocol === 'https:') {
    return true;
  }
  if (isLoopback(registry)) {
    return isLoopback(realm.host);
  }
  const host = registry.replace(/:\d+$/, '').toLowerCase();
  const parent = host.slice(host.indexOf('.') + 1);
  const related = realm.hostname === host || realm.hostname === parent || realm.hostname.endsWith(`.${parent}`);
  return realm.protocol === 'https:' && (realm.hostname === host || (related && parent.includes('.')));
}

/** Whether a host is this machine, whose registries are used without TLS, as docker does. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/.test(host);
}
