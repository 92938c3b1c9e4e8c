/** How to log in, as a registry answers a request without a valid login. */
export type Challenge =
  | { scheme: 'basic' }
  | { scheme: 'bearer'; realm: URL; service: string | undefined; scope: string | undefined };

/**
 * Reads a `WWW-Authenticate` header.
 *
 * @returns `undefined` for a login that is neither Basic nor Bearer with a realm
 * @see https://distribution.github.io/distribution/spec/auth/token/#how-to-authenticate
 */
export function parseChallenge(header: string): Challenge | undefined {
  const scheme = /^\s*([A-Za-z]+)/.exec(header)?.[1]?.toLowerCase();
  if (scheme === 'basic') {
    return { scheme };
  }
  const parameters = new Map(
    [...header.matchAll(/(?<![a-z_])([a-z_]+)="([^"]*)"/gi)].map((match) => [match[1]?.toLowerCase(), match[2] ?? '']),
  );
  const realm = parameters.get('realm') ?? '';
  return scheme === 'bearer' && URL.canParse(realm)
    ? { scheme, realm: new URL(realm), service: parameters.get('service'), scope: parameters.get('scope') }
    : undefined;
}

/**
 * Whether a registry's password may be sent to the token service that the registry names: the registry itself, or a host
 * of the same organisation over TLS (Docker Hub, DigitalOcean and GitLab have one). Any other could be forged to collect
 * passwords.
 *
 * @param registry host with port as requests go to it, for example `registry-1.docker.io`
 */
export function mayReceivePassword(registry: string, realm: URL): boolean {
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
