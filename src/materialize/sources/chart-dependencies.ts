import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { type Checkout, locate, named, pathIn, readIn } from '../checkout.js';
import { readValues, textAt, type Value, valueAt } from '../values.js';
import type { RemoteSources } from './source.js';

/** A chart that another one is made with. */
interface Dependency {
  name: string;
  version: string | undefined;
  /** `https://…`, `oci://…`, `file://…`; empty where it lies beside the chart. */
  repository: string;
  /** `file:line`, for messages. */
  at: string;
}

/** Most levels of charts within charts, against circles. */
const MOST_LEVELS = 16;

/**
 * The folder of a chart with all that it depends on: itself where that lies in its folder `charts`, else a copy with what the lock
 * says. Versions are those of the chart's own `Chart.lock`, where it has one.
 *
 * @param folder from the root of the checkout
 * @returns absolute path
 * @throws Error with file and line of a dependency that is nowhere, or of what helm alone would know
 */
export async function chartWithDependencies(
  checkout: Checkout,
  folder: string,
  remote: RemoteSources,
  level = 0,
): Promise<string> {
  const path = await locate(checkout, folder);
  if (path === undefined) {
    throw new Error(`There is no ${named(checkout, folder)}. Expected the folder of a chart.`);
  }
  const present = await readdir(join(path, 'charts')).catch(() => []);
  const dependencies = await dependenciesOf(checkout, folder);
  for (const { name, version, repository } of dependencies) {
    remote.part?.(`${named(checkout, posix.join(folder, 'Chart.yaml'))}: ${name} ${version} of ${repository}`);
  }
  const missing = dependencies.filter(
    ({ name }) => !present.some((entry) => entry === name || (entry.startsWith(`${name}-`) && entry.endsWith('.tgz'))),
  );
  if (missing.length === 0) {
    return path;
  }
  if (level >= MOST_LEVELS) {
    throw new Error(`${named(checkout, folder)} is ${MOST_LEVELS} levels of charts deep.`);
  }
  const copy = join(await remote.folder(), basename(path));
  await cp(path, copy, { recursive: true });
  await mkdir(join(copy, 'charts'), { recursive: true });
  for (const dependency of missing) {
    const from = await bring(dependency, checkout, folder, remote, level);
    await cp(from, join(copy, 'charts', basename(from)), { recursive: true });
  }
  return copy;
}

async function bring(
  { name, version, repository, at }: Dependency,
  checkout: Checkout,
  folder: string,
  remote: RemoteSources,
  level: number,
): Promise<string> {
  if (repository.startsWith('file://')) {
    const inside = pathIn(folder, repository.slice('file://'.length));
    if (inside === undefined) {
      throw new Error(`${at}: ${repository} leads out of the repository. Expected a chart in it.`);
    }
    return chartWithDependencies(checkout, inside, remote, level + 1);
  }
  if (/^(https?|oci):\/\//.test(repository)) {
    return remote.chart({ repository, chart: name, version });
  }
  const found =
    repository === '' ? 'no repository' : `the repository ${repository}, which is a name in somebody's helm`;
  throw new Error(
    `${at}: ${name} is not in the folder charts, and has ${found}. Expected one of https://, oci:// or file://.`,
  );
}

async function dependenciesOf(checkout: Checkout, folder: string): Promise<Dependency[]> {
  const locked = new Map((await listIn(checkout, folder, 'Chart.lock')).map((item) => [textAt(item, 'name'), item]));
  const listed = [
    ...(await listIn(checkout, folder, 'Chart.yaml')),
    ...(await listIn(checkout, folder, 'requirements.yaml')),
  ];
  return listed.flatMap((item) => {
    const name = textAt(item, 'name');
    const version = textAt(locked.get(name), 'version') ?? textAt(item, 'version');
    return name === undefined ? [] : [{ name, version, repository: textAt(item, 'repository') ?? '', at: item.at }];
  });
}

async function listIn(checkout: Checkout, folder: string, file: string): Promise<readonly Value[]> {
  const path = posix.join(folder, file);
  const text = await readIn(checkout, path);
  const list = text === undefined ? undefined : valueAt(readValues(text, named(checkout, path))[0], 'dependencies');
  return list?.kind === 'list' ? list.items : [];
}
