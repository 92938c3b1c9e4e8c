import { type ConfigFile, readConfigFile } from '../config/read-config.js';
import type { App } from './app.js';
import { APP_NAME, type AppConfig, type AppsConfig, appsConfigSchema, CONFIG_FILE } from './config.js';
import { withDependencies } from './dependencies/dependencies.js';
import type { PackageGraph } from './dependencies/package-graph.js';
import { appImages } from './images.js';
import { withOutside, withoutOthers } from './places.js';
import { resolveShared } from './shared.js';
import { type RepositoryTree, workTree } from './tree.js';

/** What an apps repository holds. */
export interface Apps {
  config: AppsConfig;
  /** Sorted by name, never empty. */
  apps: App[];
  /** Whether the repository is one app: it has no `apps` folder and at most one configured app. */
  single: boolean;
}

/** The folder of apps in a monorepo. */
const APPS_FOLDER = 'apps';

/** Folders in `apps` that are no app: hidden ones and what package managers leave behind. */
const NO_APP = /^\.|^node_modules$/;

/**
 * Finds the apps of a checked-out repository: by convention, with `ostack.yaml` over it, and with all that belongs to them
 * outside of their folders.
 *
 * @param root folder of the checkout
 * @param repositoryName `owner/name` or `name`; the name of the app when the repository is one app
 * @param more what is known of the packages of the repository beyond what its files say
 * @throws ConfigError naming the place in `ostack.yaml` that is wrong
 */
export async function loadApps(
  root: string,
  repositoryName: string,
  more: readonly PackageGraph[] = [],
): Promise<Apps> {
  return loadTree(workTree(root), repositoryName, more);
}

/** As `loadApps`, over any files. */
export async function loadTree(
  tree: RepositoryTree,
  repositoryName: string,
  more: readonly PackageGraph[] = [],
): Promise<Apps> {
  const file = await readAppsFile(tree);
  const found = await findApps(tree, file, repositoryName);
  const apps = await Promise.all(
    found.apps.map(async (app) => withOutside(tree, await resolveShared(tree, file, app))),
  );
  return { ...found, apps: withoutOthers(await withDependencies(tree, apps, more)) };
}

/**
 * Finds the apps of any commit, without what belongs to them outside of their folders.
 *
 * Conventions: each folder of `apps/` is an app; a repository without that folder is one app, named as the repository. A
 * configured app of the same name changes what is found; another one adds to it, and a folder that it takes with `path`
 * is no longer an app of its own.
 */
export async function discoverApps(tree: RepositoryTree, repositoryName: string): Promise<Apps> {
  return findApps(tree, await readAppsFile(tree), repositoryName);
}

async function findApps(tree: RepositoryTree, file: ConfigFile<AppsConfig>, repositoryName: string): Promise<Apps> {
  const configured = new Map(Object.entries(file.value.apps).map(([name, app]) => [name, app ?? { shared: [] }]));
  const folders = await tree.list(APPS_FOLDER);
  const single = folders === undefined && configured.size <= 1;
  const paths = single
    ? singlePath(configured, repositoryName)
    : appPaths(
        configured,
        (folders ?? []).filter(({ kind }) => kind === 'folder').map(({ name }) => name),
      );
  const apps = await Promise.all(
    [...paths].map(([name, path]) => buildApp(tree, file, { name, path, config: configured.get(name) })),
  );
  if (apps.length === 0) {
    throw new Error(
      `There is no app: the folder "${APPS_FOLDER}" has no folder in it. Add ${APPS_FOLDER}/<app>, or name the apps under "apps" in ${CONFIG_FILE}.`,
    );
  }
  return { config: file.value, apps: apps.sort((a, b) => (a.name < b.name ? -1 : 1)), single };
}

/**
 * Reads `ostack.yaml`, with the positions of its values for errors of later checks. A repository without it is as one with
 * an empty file.
 *
 * @throws ConfigError with every problem and its position
 */
export async function readAppsFile(tree: RepositoryTree): Promise<ConfigFile<AppsConfig>> {
  return readConfigFile(appsConfigSchema, (await tree.read(CONFIG_FILE)) ?? '', CONFIG_FILE);
}

function singlePath(configured: ReadonlyMap<string, AppConfig>, repositoryName: string): Map<string, string> {
  const [only] = configured;
  const name = repositoryName.split('/').at(-1) ?? repositoryName;
  return new Map([only === undefined ? [name, '.'] : [only[0], only[1].path ?? '.']]);
}

function appPaths(configured: ReadonlyMap<string, AppConfig>, folders: readonly string[]): Map<string, string> {
  const paths = new Map([...configured].map(([name, { path }]) => [name, path ?? `${APPS_FOLDER}/${name}`]));
  const taken = new Set(paths.values());
  for (const folder of folders.filter((name) => !NO_APP.test(name))) {
    const path = `${APPS_FOLDER}/${folder}`;
    if (!taken.has(path) && !paths.has(folder)) {
      if (!APP_NAME.test(folder) || folder.includes('..')) {
        throw new Error(
          `The folder "${path}" cannot name an app: expected letters, digits, and ".", "_" or "-" between them. Rename it, or name its app under "apps" in ${CONFIG_FILE} with "path: ${path}".`,
        );
      }
      paths.set(folder, path);
    }
  }
  return paths;
}

interface FoundApp {
  name: string;
  path: string;
  config: AppConfig | undefined;
}

async function buildApp(tree: RepositoryTree, file: ConfigFile<AppsConfig>, found: FoundApp): Promise<App> {
  const { name, path, config } = found;
  const entries = await tree.list(path);
  if (entries === undefined) {
    const hint = config?.path === undefined ? ' Say where the app is with "path".' : '';
    throw file.error(
      ['apps', name, ...(config?.path === undefined ? [] : ['path'])],
      `there is no folder "${path}" in the repository.${hint}`,
    );
  }
  return {
    name,
    path,
    shared: config?.shared ?? [],
    test: config?.test,
    images: await appImages(tree, file, { name, path, entries, images: config?.images }),
  };
}
