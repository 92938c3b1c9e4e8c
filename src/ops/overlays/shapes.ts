import { isKustomization } from '../kustomize/kustomization.js';
import { type Below, belowEnvironment } from './environment-folder.js';
import { canBeEnvironment, isUsualEnvironment } from './environment-name.js';
import type { Sketch } from './sketch.js';
import { canHoldApps } from './top-folders.js';

/** Most folders that are looked at beside each other, so that the cost stays flat. */
export const MOST_FOLDERS = 40;

/** Most environments that are looked into. */
const MOST_ENVIRONMENTS = 12;

/** Folders of several apps that are looked into, to see what an app has in it. */
const SAMPLE = 4;

/** Folders whose name says that environments are in them. */
const OF_ENVIRONMENTS = new Set(['overlays', 'envs', 'env', 'environments', 'stages']);

/** Folders whose name says that they hold several apps, and are none. */
const OF_APPS = new Set(
  (
    'apps applications services workloads deployments deploy manifests k8s kubernetes kustomize gitops infrastructure ' +
    'infra platform system addons releases components tenants teams charts helm argocd'
  ).split(' '),
);

/** A place of overlays that the tree shows. */
export interface Shape {
  /** Pattern of the overlays, which may have `*`. */
  pattern: string;
  /** The app that the folder at the root is, where the pattern is that of this app alone. */
  owner: string | undefined;
  /** The environments that were seen there. */
  environments: readonly string[];
  /** Whether every name counts as an environment there. */
  isAny: boolean;
  /** Whether there may be more environments than were seen, because only some apps were looked at. */
  isSample: boolean;
}

/** Folders in which some names are environments' and others may be. */
export interface Doubt {
  folder: string;
  known: string[];
  unknown: string[];
}

/** What a tree shows. */
export interface Shapes {
  shapes: Shape[];
  doubts: Doubt[];
  /** Folders whose environments have not all the same shape, with a pattern for each. */
  uneven: { folder: string; patterns: string[] }[];
}

/** Which names are environments', where their place does not say so. */
interface Names {
  /** Those that the policy names; nothing else is one then. */
  declared: readonly string[] | undefined;
  /** Those that folders of clusters have. */
  clusters: readonly string[];
}

/** A folder that environments are in. */
interface Container {
  folder: string;
  /** The folder at the root that it is, or is in; empty for the root itself. */
  top: string;
  environments: string[];
  unknown: string[];
  isAny: boolean;
}

/**
 * Says which shapes a tree has. That takes two requests, however large it is, and a third one for a level of clusters or
 * regions below environments that nothing names.
 *
 * @param declared the environments that the policy names
 * @throws InvalidYaml where a kustomization of an environment is not valid YAML; what a failed request throws
 */
export async function shapesOf(sketch: Sketch, declared: readonly string[] | undefined): Promise<Shapes> {
  await sketch.look(['']);
  const tops = topsOf(sketch);
  const likely = tops.flatMap((top) => (declared ?? []).slice(0, MOST_ENVIRONMENTS).map((name) => `${top}/${name}`));
  await sketch.look(['clusters', ...tops.flatMap((top) => [top, `${top}/overlays`, `${top}/base`]), ...likely]);
  const names: Names = { declared, clusters: sketch.folders('clusters').filter(canBeEnvironment) };
  const containers = containersOf(sketch, tops, names);
  const clusters: Container = { ...inFolder(sketch, 'clusters', names, true), top: 'clusters' };
  const samples = samplesOf(sketch, tops, containers, names);
  const environments = [...containers, clusters].flatMap(environmentFolders);
  const inside = environments.flatMap((folder) => insideOf(sketch, folder));
  await sketch.look(
    [...environments, ...inside, ...samples, ...samples.map((folder) => `${folder}/overlays`)],
    [...environments, ...inside],
  );
  const result: Shapes = { shapes: [], doubts: [], uneven: [] };
  for (const container of containers) {
    await addContainer(sketch, container, result);
  }
  result.shapes = withoutObjects(result.shapes);
  addApps(sketch, tops, samples, names, result);
  if (result.shapes.length + result.uneven.length === 0) {
    await addContainer(sketch, clusters, result);
  }
  return result;
}

/** Files beside other shapes deploy what is there: they are objects of Flux or Argo CD, and no apps. */
function withoutObjects(shapes: readonly Shape[]): Shape[] {
  const isFiles = ({ pattern }: Shape) => pattern.endsWith('/{app}.yaml') && !OF_APPS.has(pattern.split('/')[0] ?? '');
  return shapes.every(isFiles) ? [...shapes] : shapes.filter((shape) => !isFiles(shape));
}

/** The folders at the root that are looked into, those first whose names say that they hold apps. */
function topsOf(sketch: Sketch): string[] {
  const root = sketch.folders('').filter((name) => name !== 'docs' && canHoldApps(name));
  const tops = [...root.filter((name) => OF_APPS.has(name)), ...root.filter((name) => !OF_APPS.has(name))];
  return root.includes('overlays') ? ['overlays'] : tops.slice(0, MOST_FOLDERS);
}

function containersOf(sketch: Sketch, tops: readonly string[], names: Names): Container[] {
  const root = tops.filter((top) => isNamed(names, top));
  const inside = tops
    .filter((top) => !root.includes(top))
    .map((top): Container => {
      const isAbove = sketch.folders(top).includes('overlays');
      return isAbove
        ? { ...inFolder(sketch, `${top}/overlays`, names, true), top }
        : { ...inFolder(sketch, top, names, OF_ENVIRONMENTS.has(top)), top };
    });
  return [{ folder: '', top: '', environments: root, unknown: [], isAny: false }, ...inside].filter(
    ({ environments }) => environments.length > 0,
  );
}

function inFolder(sketch: Sketch, folder: string, names: Names, isAny: boolean): Omit<Container, 'top'> {
  const all = sketch.folders(folder);
  const { declared, clusters } = names;
  const environments = all.filter((name) =>
    isAny && declared === undefined ? canBeEnvironment(name) : isNamed(names, name),
  );
  const isSaid = declared !== undefined || environments.every((name) => clusters.includes(name));
  const unknown = isSaid ? [] : all.filter((name) => canBeEnvironment(name) && !environments.includes(name));
  return { folder, environments, unknown, isAny };
}

function isNamed({ declared, clusters }: Names, name: string): boolean {
  return declared === undefined
    ? canBeEnvironment(name) && (isUsualEnvironment(name) || clusters.includes(name))
    : declared.includes(name);
}

/** Some of the folders in folders of apps. */
function samplesOf(sketch: Sketch, tops: readonly string[], containers: readonly Container[], names: Names): string[] {
  return tops
    .filter((top) => !isNamed(names, top) && containers.every((container) => container.top !== top))
    .flatMap((top) =>
      sketch
        .folders(top)
        .slice(0, SAMPLE)
        .map((name) => `${top}/${name}`),
    );
}

function environmentFolders({ folder, environments }: Container): string[] {
  return environments.slice(0, MOST_ENVIRONMENTS).map((name) => joined(folder, name));
}

function insideOf(sketch: Sketch, folder: string): string[] {
  return sketch
    .folders(folder)
    .slice(0, SAMPLE)
    .map((name) => `${folder}/${name}`);
}

/** Adds the patterns of a folder that environments are in. */
async function addContainer(sketch: Sketch, container: Container, result: Shapes): Promise<void> {
  const { folder, top, environments, unknown, isAny } = container;
  const folders = environmentFolders(container);
  const unread = folders.filter((each) => belowEnvironment(sketch, each) === 'unread');
  if (unread.length > 0) {
    const inside = unread.flatMap((each) => insideOf(sketch, each));
    await sketch.look(inside, inside);
  }
  const ways = await evenWays(sketch, folders);
  const different = new Set(ways.map((way) => JSON.stringify(way)));
  const patterns = [...new Set(ways.flat())].map((way) => joined(folder, `{environment}${way}`));
  if (different.size > 1) {
    result.uneven.push({ folder, patterns });
    return;
  }
  if (patterns.length > 0 && unknown.length > 0) {
    result.doubts.push({ folder, known: environments, unknown });
  }
  const owner = isApp(sketch, container, patterns) ? top : undefined;
  result.shapes.push(...patterns.map((pattern) => ({ pattern, owner, environments, isAny, isSample: false })));
}

/**
 * The ways in which the environments keep their apps. Folders of an environment without a kustomization are no apps where
 * other environments have one for all apps, unless there are kustomizations in them.
 */
async function evenWays(sketch: Sketch, folders: readonly string[]): Promise<Below[][]> {
  const ways = folders
    .map((folder) => ({ folder, way: belowEnvironment(sketch, folder) }))
    .flatMap(({ folder, way }) => (way === 'unread' || way.length === 0 ? [] : [{ folder, way }]));
  const isShared = ways.some(({ way }) => way.includes(''));
  const doubtful = ways.filter(
    ({ folder, way }) => isShared && !way.includes('') && sketch.kustomization(folder) === undefined,
  );
  const inside = doubtful.flatMap(({ folder }) => insideOf(sketch, folder));
  await sketch.look([], inside);
  const isLeft = (folder: string) =>
    doubtful.every((each) => each.folder !== folder) ||
    insideOf(sketch, folder).some((each) => sketch.kustomization(each) !== undefined);
  return ways.filter(({ folder }) => isLeft(folder)).map(({ way }) => way);
}

/** Whether the folder at the root is one app, and not one of several: its base is in it, and not one for each app. */
function isApp(sketch: Sketch, { folder, top }: Container, patterns: readonly string[]): boolean {
  const isAlone = patterns.length > 0 && patterns.every((pattern) => /\{environment\}(\.ya?ml)?$/.test(pattern));
  if (!isAlone || top === '' || OF_APPS.has(top) || OF_ENVIRONMENTS.has(top)) {
    return false;
  }
  const hasBase = sketch.folders(top).includes('base');
  const isBase = sketch.files(`${top}/base`).some(isKustomization) && sketch.folders(`${top}/base`).length === 0;
  return hasBase ? isBase : folder === top;
}

/** Adds the patterns of apps that have environments in them. */
function addApps(
  sketch: Sketch,
  tops: readonly string[],
  samples: readonly string[],
  names: Names,
  result: Shapes,
): void {
  const add = (shape: Omit<Shape, 'isSample'>) => {
    const known = result.shapes.find(({ pattern }) => pattern === shape.pattern);
    const environments = [...new Set([...(known?.environments ?? []), ...shape.environments])];
    result.shapes = [...result.shapes.filter((each) => each !== known), { ...shape, environments, isSample: true }];
  };
  for (const folder of samples) {
    const above = `${folder.split('/')[0]}/{app}`;
    const { environments } = inFolder(sketch, `${folder}/overlays`, names, true);
    const beside = inFolder(sketch, folder, names, false).environments;
    const found: [string, string[], boolean][] = [
      [`${above}/overlays/{environment}`, environments, true],
      [`${above}/{environment}`, environments.length > 0 ? [] : beside, false],
      ...valuesOf(sketch, folder, names).map(([name, own]): [string, string[], boolean] => [
        `${above}/${name}`,
        own,
        false,
      ]),
    ];
    for (const [pattern, own, isAny] of found.filter(([, own]) => own.length > 0)) {
      add({ pattern, owner: undefined, environments: own, isAny });
    }
  }
  for (const top of tops.filter((each) => !OF_APPS.has(each) && !isNamed(names, each))) {
    for (const [name, environments] of valuesOf(sketch, top, names)) {
      add({ pattern: `${top}/${name}`, owner: top, environments, isAny: false });
    }
  }
}

/** The patterns of Helm values that a folder has, with the environments that it has them for. */
function valuesOf(sketch: Sketch, folder: string, names: Names): [name: string, environments: string[]][] {
  const patterns = ['values-{environment}.yaml', 'values-{environment}.yml', 'values.{environment}.yaml'];
  return patterns.flatMap((pattern): [string, string[]][] => {
    const [before = '', after = ''] = pattern.split('{environment}');
    const found = sketch
      .files(folder)
      .filter((name) => name.startsWith(before) && name.endsWith(after))
      .map((name) => name.slice(before.length, name.length - after.length))
      .filter((name) => isNamed(names, name));
    return found.length === 0 ? [] : [[pattern, found]];
  });
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
