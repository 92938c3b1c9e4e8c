import { posix } from 'node:path';
import { isFetchable } from '../lock/fetch-git.js';
import { DEFAULT_NAMESPACE } from './render-chart.js';
import type { RenderOptions, ServedChart } from './source.js';

/** A registry, and names of a package in it. */
const OCI = /^oci:\/\/[\w.-]+(:\d+)?(\/[A-Za-z0-9][\w.-]*)+$/;

/** What is no path of a repository. */
const ADDRESS = /^[\w+.-]+:\/\/|^[\w.-]+@[\w.-]+:|^git::/;

/**
 * Reads a source that is the address of a chart: of its repository, and its name at the end.
 *
 * @param version a version or a range; `undefined` for the newest
 * @returns `undefined` for what is no address
 * @throws Error where it is another address than that of a chart, or says a version itself
 */
export function servedChart(source: string, version: string | undefined): ServedChart | undefined {
  if (!ADDRESS.test(source)) {
    return undefined;
  }
  const address = source.replace(/\/$/, '');
  const given = `Input "source" is "${source.replace(/\/\/[^/@]*@/, '//***@')}"`;
  const tagged = /^(oci:\/\/[^@]*\/[^/:@]+)[:@](.+)$/.exec(address);
  if (tagged !== null) {
    const [, chart = '', said = ''] = tagged;
    const put = said.includes(':') ? 'version (its digest is kept in the lock file)' : `version: ${said}`;
    throw new Error(`${given}. Expected \`source: ${chart}\` and \`${put}\`.`);
  }
  const chart = posix.basename(address);
  const repository = address.slice(0, -chart.length - 1);
  const isOci = OCI.test(address) && repository !== 'oci:/';
  const isServer = isFetchable(address) && !/[?#]/.test(address) && new URL(address).pathname.length > 1;
  if (!isOci && !isServer) {
    throw new Error(
      `${given}, expected a folder of the repository, or a chart: oci://ghcr.io/acme/charts/web, or https:// with the address of a chart repository and the name of the chart after it, without a password.`,
    );
  }
  if (isServer && /\.(tgz|git)$/.test(chart)) {
    throw new Error(
      `${given}, a ${chart.endsWith('.git') ? 'git repository' : 'package'}. Expected the address of a chart repository, the folder of its index.yaml, and the name of the chart after it; and "version".`,
    );
  }
  return { repository, chart, version };
}

/** For whom a chart is pinned that is a source itself: one release of one environment, beside others in the same file. */
export function releaseKey({ chart }: ServedChart, environment: string, options: RenderOptions): string {
  const { release = chart, namespace = DEFAULT_NAMESPACE } = options;
  return `${environment}/${namespace}/${release}`;
}
