import * as core from '@actions/core';

const PROXIES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/**
 * Sends every request of this process through the proxy that a self-hosted runner names in `https_proxy`, `http_proxy` and
 * `no_proxy`, in upper or lower case. Node's `fetch` ignores these by default; a process can turn them on since Node 24.14,
 * and on an older one this logs a warning. Call it before the first request.
 *
 * @see https://docs.github.com/actions/how-tos/manage-runners/self-hosted-runners/use-proxy-servers
 * @see https://nodejs.org/docs/latest-v24.x/api/http.html#httpsetglobalproxyfromenvproxyenv
 */
export async function useProxy(): Promise<void> {
  const named = PROXIES.find((name) => (process.env[name] ?? '') !== '');
  if (named === undefined || process.env.NODE_USE_ENV_PROXY === '1') {
    return;
  }
  // Loaded here, because it takes 5 ms and few need it.
  const http = await import('node:http');
  if ('setGlobalProxyFromEnv' in http && typeof http.setGlobalProxyFromEnv === 'function') {
    http.setGlobalProxyFromEnv();
    return;
  }
  core.warning(
    `${named} is set, and Node ${process.versions.node} takes no notice of it: requests go out directly. ` +
      'Update the runner (its Node must be 24.14 or newer), or set NODE_USE_ENV_PROXY: "1" in the environment of the step.',
  );
}
