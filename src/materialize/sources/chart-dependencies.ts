import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { type Checkout, locate, named, pathIn, readIn, refuseAbsent } from '../checkout.js';
import { readValues, textAt, type Value, valueAt } from '../values.js';
import type { RemoteSources } from './source.js';

/** A chart that another one is made with. */
interface Dependency {
  name: string;
  version: string | undefined;
  /** `https://…`, `oci://…`, `file://…`; empty where it lies beside the chart. */
  repository: string;
  /** The file that names it, from the root of the checkout. */
  file: string;
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
 * @throws Error with file and line of a dependency that is nowhere, or of what helm alone would know; where the checkout has not all
 *   of the chart
 */
export async function chartWithDependencies(
  checkout: Checkout,
  folder: string,
  remote: RemoteSources,
  level = 0,
): Promise<string> {
  await refuseAbsent(checkout, folder);
  const path = await locate(checkout, folder);
  if (path === undefined) {
    throw new Error(`There is no ${named(checkout, folder)}. Expected the folder of a chart.`);
  }
  const present = await readdir(join(path, 'charts')).catch(() => []);
  const dependencies = await dependenciesOf(checkout, folder);
  for (const { name, version, repository, file } of dependencies) {
    remote.part?.(`${named(checkout, file)}: ${name} ${version} of ${repository}`);
  }
  const missing = dependencies.filter(
    ({ name }) => !present.some((entry) => entry === name || isPackageOf(entry, name)),
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

/** Whether a file is the package of a chart, and not of one whose name begins so. */
function isPackageOf(file: string, name: string): boolean {
  return file.startsWith(`${name}-`) && /^v?\d.*\.tgz$/.test(file.slice(name.length + 1));
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
  const files = [['Chart.yaml', 'Chart.lock'] as const, ['requirements.yaml', 'requirements.lock'] as const];
  const found = files.map(async ([file, lock]) => {
    const locked = await listIn(checkout, folder, lock);
    return (await listIn(checkout, folder, file)).flatMap((item, index) => {
      const name = textAt(item, 'name');
      // A chart may be there twice, by other names (`alias`): then its place in the lock tells.
      const same = locked.filter((each) => textAt(each, 'name') === name);
      const pinned = same.length > 1 ? locked[index] : same[0];
      const version = textAt(pinned, 'version') ?? textAt(item, 'version');
      const from = { file: posix.join(folder, file), at: item.at };
      return name === undefined ? [] : [{ name, version, repository: textAt(item, 'repository') ?? '', ...from }];
    });
  });
  return (await Promise.all(found)).flat();
}

async function listIn(checkout: Checkout, folder: string, file: string): Promise<readonly Value[]> {
  const path = posix.join(folder, file);
  const text = await readIn(checkout, path);
  const list = text === undefined ? undefined : valueAt(readValues(text, named(checkout, path))[0], 'dependencies');
  return list?.kind === 'list' ? list.items : [];
}
