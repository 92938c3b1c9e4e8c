import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { isChartVersion } from '../carriers/chart-reference.js';
import type { ChartInstall } from './chart-installs.js';
import { readHelmOutput } from './helm-output.js';
import { helmTemplate } from './helm-template.js';
import { type Resource, readResources } from './resource.js';
import type { Helm } from './run-helm.js';

/** What a chart comes to, or why it was not rendered: the end of a sentence. */
export type Templated = { resources: Resource[] } | { reason: string };

/** A chart becomes a file's name. */
const WORD = /^[A-Za-z0-9][\w.+-]*$/;

/**
 * Renders a chart that is installed: one of the repository, or one in helm's cache. Nothing is fetched.
 *
 * @param root absolute path of the repository's files
 */
export async function templateChart(helm: Helm, root: string, install: ChartInstall): Promise<Templated> {
  const { release, hasMore, ...rest } = install;
  if (hasMore) {
    return { reason: 'it has values from other places, which are not read.' };
  }
  const found = await chartPath(helm, root, install.chart);
  if ('reason' in found) {
    return found;
  }
  try {
    const says = async (args: readonly string[], folder: string) => ({ stdout: await helm(args, folder), stderr: '' });
    const { manifest } = await helmTemplate({ ...rest, ...found, name: release, withDefinitions: true }, says);
    return { resources: readHelmOutput(manifest, (text) => readResources(text, undefined, 'helm')) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { reason: `helm could not: ${said.replaceAll(`${root}/`, '').replace(/\.?$/, '.')}` };
  }
}

async function chartPath(
  helm: Helm,
  root: string,
  chart: ChartInstall['chart'],
): Promise<{ path: string } | { reason: string }> {
  if ('folder' in chart) {
    return { path: join(root, chart.folder) };
  }
  const { name, version } = chart;
  if (!WORD.test(name) || !isChartVersion(version)) {
    return { reason: version === '' ? 'it names no version.' : `${JSON.stringify(version)} is not one version.` };
  }
  const cache = (await helm(['env', 'HELM_REPOSITORY_CACHE'], root)).trim();
  const path = join(cache, `${name}-${version}.tgz`);
  return cache !== '' && (await exists(path))
    ? { path }
    : {
        reason:
          "it is neither in this repository nor in helm's cache, and nothing is fetched. To see what changes, run " +
          `\`helm pull\` for it before, with \`--destination "$(helm env HELM_REPOSITORY_CACHE)"\`.`,
      };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
