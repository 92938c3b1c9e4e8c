import type { Credentials } from './fetch-git.js';

/** GitHub's registry, by the server whose packages it has. @see https://docs.github.com/packages */
const REGISTRIES: Readonly<Record<string, string>> = { 'https://github.com': 'ghcr.io' };

/**
 * The login with which helm pulls a chart: the run's own token, for packages of the run's own owner in GitHub's registry and for
 * nobody else. Elsewhere helm has what it was told on the machine.
 *
 * @param repository `oci://ghcr.io/acme/charts`
 * @returns the content of a file for `--registry-config`
 */
export function registryLogin(repository: string, { serverUrl, owner, token }: Credentials): string | undefined {
  const registry = REGISTRIES[serverUrl];
  const [host, first] = repository.replace(/^oci:\/\//, '').split('/');
  const isOwn = repository.startsWith('oci://') && host === registry && first?.toLowerCase() === owner.toLowerCase();
  if (registry === undefined || token === undefined || !isOwn) {
    return undefined;
  }
  const auth = Buffer.from(`x-access-token:${token}`).toString('base64');
  return JSON.stringify({ auths: { [registry]: { auth } } });
}
