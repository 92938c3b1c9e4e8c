import { deployedIn } from '../carriers/deployed.js';
import { readValues, textAt } from '../yaml/values.js';
import type { Sketch } from './sketch.js';

/** Ends of patterns for files of apps in the folder of an environment. */
export type FileWay = '/{app}.yaml' | '/{app}.values.yaml' | '/{app}-values.yaml' | '/values-{app}.yaml';

const VALUES: readonly [RegExp, FileWay][] = [
  [/^.+\.values\.yaml$/, '/{app}.values.yaml'],
  [/^.+-values\.yaml$/, '/{app}-values.yaml'],
  [/^values-.+\.yaml$/, '/values-{app}.yaml'],
];

/** Files that hold a setting of all apps, and are none. */
const NO_APP =
  /^(namespaces?|secrets?|.*[-.]secrets?|common|base|images|versions|values|config|settings|globals?)\.ya?ml$/;

/** Whether a way is one of files of apps. */
export function isFileWay(way: string): boolean {
  return way === '/{app}.yaml' || VALUES.some(([, each]) => each === way);
}

/** How files in the folder of an environment are named after apps. */
export function fileWays(files: readonly string[]): FileWay[] {
  const others = files.filter((name) => VALUES.every(([pattern]) => !pattern.test(name)) && !NO_APP.test(name));
  const values = VALUES.filter(([pattern]) => files.some((name) => pattern.test(name))).map(([, way]) => way);
  // Beside Helm values named after apps, the other files are something else.
  return values.length > 0 ? values : others.length > 0 ? ['/{app}.yaml'] : [];
}

/** Environments whose files are read, and files of each. */
const READ = 4;

/** Files of settings that are read at most. */
const MOST_SETTINGS = 20;

/**
 * Whether files `<environment>/<app>.yaml` are those of apps: one of them carries a version or is a HelmRelease. They may be
 * objects of Flux or Argo CD instead, which deploy what is elsewhere, or patches.
 *
 * @throws what a failed request throws
 */
export async function areApps(sketch: Sketch, folders: readonly string[]): Promise<boolean> {
  const paths = folders.slice(0, READ).flatMap((folder) =>
    sketch
      .files(folder)
      .filter((name) => /\.ya?ml$/.test(name) && !NO_APP.test(name))
      .slice(0, READ)
      .map((name) => `${folder}/${name}`),
  );
  await sketch.look([], [], paths);
  return paths.some((path) => isApp(path, sketch.text(path) ?? ''));
}

/**
 * Whether folders beside files of apps hold settings of theirs: no kustomization, no folder, no object and no version.
 *
 * @throws what a failed request throws
 */
export async function areSettings(sketch: Sketch, folders: readonly string[]): Promise<boolean> {
  await sketch.look(folders, folders);
  const isDeep = folders.some(
    (folder) => sketch.folders(folder).length > 0 || sketch.kustomization(folder) !== undefined,
  );
  const paths = folders.flatMap((folder) =>
    sketch
      .files(folder)
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );
  if (isDeep || paths.length > MOST_SETTINGS) {
    return false;
  }
  await sketch.look([], [], paths);
  return paths.every(
    (path) => !isApp(path, sketch.text(path) ?? '') && !/^\s*"?kind"?:/m.test(sketch.text(path) ?? ''),
  );
}

function isApp(path: string, text: string): boolean {
  try {
    const { targets, pinned } = deployedIn([{ path, text }], '');
    return (
      targets.length + pinned.length > 0 ||
      readValues(text, path).some((root) => root.kind === 'map' && textAt(root, 'kind') === 'HelmRelease')
    );
  } catch {
    return false;
  }
}
