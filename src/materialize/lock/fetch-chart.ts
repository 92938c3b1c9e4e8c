import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../images/digest.js';
import { helmSays } from '../../ops/render/run-helm.js';
import { isFetchable, isLoopback } from './fetch-git.js';

/** A chart's package on this machine. */
export interface ChartPackage {
  path: string;
  version: string;
  /** `sha256:` and 64 hex digits. */
  digest: string;
}

/** A chart, and a version or a range, become arguments. */
const CHART = /^[A-Za-z0-9][\w.-]*$/;
const VERSION = /^[A-Za-z0-9^~<>=*][\w.+^~<>=*, |-]*$/;

const LOOK_AT =
  'Look at the address (the one of a chart repository is the folder of its index.yaml), the name, the version, and the login: `helm registry login` before this step, or a `sources-token` for packages of your own owner.';

/**
 * Fetches a chart with the machine's own helm.
 *
 * @param repository `https://…` of a chart repository, or `oci://…` without the chart's name
 * @param version a version or a range; `undefined` for the newest
 * @param login content of a file for `--registry-config`; what the machine has where it is left out
 * @throws Error with what helm said
 */
export async function pullChart(
  scratch: string,
  repository: string,
  chart: string,
  version: string | undefined,
  login?: string,
): Promise<ChartPackage> {
  const isOci = repository.startsWith('oci://');
  if (!CHART.test(chart) || (version !== undefined && !VERSION.test(version)) || !(isOci || isFetchable(repository))) {
    throw new Error(
      `The chart ${JSON.stringify(chart)} ${version ?? ''} of ${repository} cannot be fetched: expected a name, a version, and a repository of https:// or oci://.`,
    );
  }
  await mkdir(scratch, { recursive: true });
  const into = await mkdtemp(join(scratch, 'chart-'));
  const address = isOci ? [`${repository.replace(/\/$/, '')}/${chart}`] : [chart, '--repo', repository];
  if (isOci && isLoopback(/^oci:\/\/([^/:]*)/.exec(repository)?.[1] ?? '')) {
    address.push('--plain-http');
  }
  const config = join(into, 'login.json');
  if (login !== undefined) {
    await writeFile(config, login, { mode: 0o600 });
    address.push('--registry-config', config);
  }
  const args = ['pull', ...address, ...(version === undefined ? [] : ['--version', version]), '--destination', into];
  await helmSays(args, into)
    .catch((error: unknown) => {
      const said = error instanceof Error ? error.message : String(error);
      throw new Error(
        `The chart ${[chart, version ?? ''].join(' ').trim()} of ${repository} cannot be fetched: ${said} ${LOOK_AT}`,
      );
    })
    .finally(() => rm(config, { force: true }));
  const file = (await readdir(into)).find((name) => name.startsWith(`${chart}-`) && name.endsWith('.tgz'));
  if (file === undefined) {
    throw new Error(`helm brought no package of ${chart} from ${repository}.`);
  }
  const path = join(into, file);
  return {
    path,
    version: file.slice(chart.length + 1, -'.tgz'.length),
    digest: digestOf(await readFile(path)),
  };
}
