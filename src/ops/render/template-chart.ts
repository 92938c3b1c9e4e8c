import { access, lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isChartVersion } from '../carriers/chart-reference.js';
import type { ChartInstall } from './chart-installs.js';
import { type Resource, readResources } from './resource.js';
import type { Helm } from './run-helm.js';

/** What a chart comes to, or why it was not rendered: the end of a sentence. */
export type Templated = { resources: Resource[] } | { reason: string };

/** A release, a namespace and a chart become arguments, and the chart a file's name. */
const WORD = /^[A-Za-z0-9][\w.+-]*$/;

/**
 * Renders a chart with `helm template`: one of the repository, or one in helm's cache. Nothing is fetched.
 *
 * @param root absolute path of the repository's files
 */
export async function templateChart(helm: Helm, root: string, install: ChartInstall): Promise<Templated> {
  const { release, namespace, values, parameters, hasMore } = install;
  if (hasMore) {
    return { reason: 'it has values from other places, which are not read.' };
  }
  const found = await chartPath(helm, root, install.chart);
  if ('reason' in found) {
    return found;
  }
  if (!WORD.test(release) || !WORD.test(namespace)) {
    return { reason: `"${release}" in "${namespace}" is no name of a release.` };
  }
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-chart-'));
  try {
    const files = values.map((_, index) => join(scratch, `values-${index}.yaml`));
    await Promise.all(files.map((file, index) => writeFile(file, values[index] ?? '')));
    const output = await helm(
      [
        ...['template', release, found.path, '--namespace', namespace, '--include-crds'],
        ...files.flatMap((file) => ['--values', file]),
        ...parameters.flatMap((parameter) => ['--set', parameter]),
      ],
      scratch,
    );
    return { resources: readResources(output) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return {
      reason: `helm could not: ${said.replaceAll(`${root}/`, '').replaceAll(`${scratch}/`, '').replace(/\.?$/, '.')}`,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function chartPath(
  helm: Helm,
  root: string,
  chart: ChartInstall['chart'],
): Promise<{ path: string } | { reason: string }> {
  if ('folder' in chart) {
    const path = join(root, chart.folder);
    // Helm follows links, also to files of the machine.
    return (await hasLink(path)) ? { reason: `there is a symbolic link in ${chart.folder}.` } : { path };
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

/** Whether a file or folder is, or holds, a symbolic link. */
export async function hasLink(path: string): Promise<boolean> {
  const info = await lstat(path);
  if (!info.isDirectory()) {
    return info.isSymbolicLink();
  }
  const inside = await Promise.all((await readdir(path)).map((name) => hasLink(join(path, name))));
  return inside.includes(true);
}
