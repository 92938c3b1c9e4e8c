import { isKustomization } from '../kustomize/kustomization.js';
import { canBeEnvironment, isRegion } from '../overlays/environment-name.js';
import { overlayPattern } from '../overlays/overlay-path.js';
import { canHoldApps, tellsShape } from '../overlays/top-folders.js';
import { alikeShapes, kindsOf } from './alike-tops.js';
import { appFolders, appShapes, deepAppShapes, hasEnvironments, insideApp, samplesOf } from './app-samples.js';
import { type Container, containersOf, inFolder, withClusterForms } from './containers.js';
import { belowEnvironment, gathersFolders, isComponent } from './environment-folder.js';
import { differInLevel, evenWays, insideOf, provenWays, type WayOf } from './even-ways.js';
import { IN_APPS, OF_APPS, OF_ENVIRONMENTS, OF_TOOLS } from './folder-words.js';
import type { AppShapes } from './found-shapes.js';
import { generalOf } from './general-pattern.js';
import { isNamed, type KnownNames } from './known-names.js';
import type { Doubt, Shape } from './shape.js';
import type { Sketch } from './sketch.js';
import type { NamesIn } from './sort-names.js';
import { likelyTags, lookAtTags, tagFolders } from './tag-files.js';
import { valuesFiles } from './values-files.js';

/** Most folders beside each other that are looked into, so that the cost stays flat: of those that are alike, some tell of all. */
const MOST_FOLDERS = 40;

/** Most folders at the root that are looked at. */
export const MOST_TOPS = 400;

/** Folders beside each other of which the first ones are looked into. */
const SAMPLE = 4;

/** Apps whose folders `overlays` are looked into for a level of clusters. */
const FEW = 2;

/** Folders whose files are objects of Flux or Argo CD, which deploy what is elsewhere, or all that there is. */
const OBJECTS = ['clusters', 'argocd', 'argo-cd'];

const ENVIRONMENT = '{environment}';

/** Most environments that are looked into. */
const MOST_ENVIRONMENTS = 12;

/** What a tree shows. */
export interface Shapes {
  shapes: Shape[];
  doubts: Doubt[];
  /** Folders whose environments have not all the same shape, with a pattern for each. */
  uneven: { folder: string; patterns: string[] }[];
  /** Folders `overlays` that hold variants, none of which is known to be an environment. */
  variants: NamesIn[];
}

/**
 * Says which shapes a tree has. That takes two requests, however large it is, and a third one for a level of folders that
 * nothing names (clusters or regions below environments, tools above them) and for files in the place of apps.
 *
 * @param declared the environments that the policy names
 * @param hasForms whether folders of clusters count that are called after these: `production-eu-1`
 * @throws InvalidYaml where a kustomization of an environment is not valid YAML; what a failed request throws
 */
export async function shapesOf(
  sketch: Sketch,
  declared: readonly string[] | undefined,
  hasForms = false,
): Promise<Shapes> {
  await sketch.look(['']);
  const { tops, kinds } = await topsOf(sketch, declared);
  const names: KnownNames = { declared, clusters: clustersOf(sketch) };
  const formed = (container: Container) => (hasForms ? withClusterForms(sketch, container, names) : [container]);
  const all = containersOf(sketch, tops, names).flatMap(formed);
  const objects = OBJECTS.map(
    (top): Container => ({ ...inFolder(sketch, top, names, top === 'clusters'), top }),
  ).flatMap(formed);
  const inDoubt = all.filter(
    ({ folder, environments, unknown }) => folder !== '' && environments.length * unknown.length > 0,
  );
  const doubtful = inDoubt.flatMap(({ folder, unknown }) =>
    unknown.slice(0, SAMPLE).map((name) => `${folder}/${name}`),
  );
  const samples = samplesOf(sketch, tops, all.filter(hasAny), names);
  const environments = [...all, ...objects].flatMap(environmentFolders);
  const inside = environments.flatMap((folder) => insideOf(sketch, folder));
  const bases = all.map(({ top }) => `${top}/base`).filter((folder) => sketch.files(folder).some(isKustomization));
  const likely = likelyNames(all, names);
  const guessed = [...samples, ...samples.slice(0, FEW).map((folder) => `${folder}/overlays`)].flatMap((folder) =>
    likely.map((name) => `${folder}/${name}`),
  );
  await sketch.look(
    [
      ...environments,
      ...inside,
      ...[...samples, ...doubtful].flatMap(insideApp),
      ...samples.flatMap(likelyTags),
      ...guessed,
    ],
    [...environments, ...inside, ...bases],
  );
  // A folder of apps, of which one is called like an environment.
  const isOfApps = (container: Container) =>
    inDoubt.includes(container) &&
    doubtful.some((each) => each.startsWith(`${container.folder}/`) && hasEnvironments(sketch, each, names));
  const ofApps = all.filter(isOfApps);
  const apps = ofApps.flatMap(({ top }) => appFolders(sketch, top, tops).filter((each) => doubtful.includes(each)));
  const result: Shapes = { shapes: [], doubts: [], uneven: [], variants: [] };
  for (const container of all.filter((each) => !ofApps.includes(each))) {
    await addContainer(sketch, container, result, names);
  }
  result.shapes = withoutObjects(result.shapes);
  addAll(result, await appShapes(sketch, [...samples, ...apps], tops, names));
  for (const tags of await lookAtTags(sketch, tagFolders(sketch, samples), names)) {
    await addContainer(sketch, { ...tags, top: '' }, result, names);
  }
  result.shapes = withApps(result.shapes, tops);
  result.shapes.push(...alikeShapes(result.shapes, kinds, tops));
  result.doubts.push(...coveredVariants(result));
  if (isNothing(result)) {
    addAll(result, await deepAppShapes(sketch, samples, names));
  }
  for (const container of isNothing(result) ? objects : []) {
    await addContainer(sketch, container, result, names);
  }
  return result;
}

function addAll(result: Shapes, { shapes, doubts, variants }: AppShapes): void {
  result.shapes.push(...shapes.filter(({ pattern }) => result.shapes.every((each) => each.pattern !== pattern)));
  result.doubts.push(...doubts);
  result.variants.push(...variants);
}

function isNothing({ shapes, uneven }: Shapes): boolean {
  return shapes.length + uneven.length === 0;
}

/** Names that environments in the folders of apps are likely to have, so that these are looked into at once. */
function likelyNames(containers: readonly Container[], { declared, clusters }: KnownNames): string[] {
  const seen = declared ?? [...clusters, ...containers.flatMap(({ environments }) => environments)];
  return [...new Set(seen.length > 0 ? seen : ['staging', 'production', 'dev', 'prod'])].slice(0, SAMPLE);
}

function hasAny({ environments }: Container): boolean {
  return environments.length > 0;
}

/** The names of clusters, of folders and files in `clusters`, and of environments that have values in a folder for them. */
function clustersOf(sketch: Sketch): string[] {
  const files = sketch.files('clusters').map((name) => name.replace(/\.ya?ml$/, ''));
  const values = [...OF_ENVIRONMENTS].flatMap((folder) => valuesFiles(sketch.files(folder)));
  const named = values.filter(({ isCertain }) => isCertain).flatMap(({ names }) => names);
  return [...new Set([...sketch.folders('clusters'), ...files, ...named])].filter(canBeEnvironment);
}

/** Variants that are where the environments of other apps are, so that they may be some. */
function coveredVariants({ shapes, variants }: Shapes): Doubt[] {
  return variants.flatMap(({ folder, names }) => {
    const shape = shapes.find(({ pattern, owner }) => {
      const [above = ''] = generalOf(pattern, owner).split('/{environment}');
      return overlayPattern(above).exec(folder)?.[0] === folder;
    });
    return shape === undefined
      ? []
      : [{ folder, known: [...shape.environments], unknown: [...names], isElsewhere: true }];
  });
}

/** A folder at the root whose overlays are where those of an app beside it are is an app as well. */
function withApps(shapes: readonly Shape[], tops: readonly string[]): Shape[] {
  const general = new Set(
    shapes.flatMap(({ pattern, owner }) => (owner === undefined ? [] : [pattern.slice(owner.length)])),
  );
  return shapes.map((shape) => {
    const top = tops.find(
      (each) => shape.pattern.startsWith(`${each}/`) && general.has(shape.pattern.slice(each.length)),
    );
    return top === undefined || top.includes('/') || OF_APPS.has(top) ? shape : { ...shape, owner: top };
  });
}

/** Files beside other shapes deploy what is there: they are objects of Flux or Argo CD, and no apps. */
function withoutObjects(shapes: readonly Shape[]): Shape[] {
  const isFiles = ({ pattern }: Shape) => pattern.endsWith('/{app}.yaml') && !OF_APPS.has(pattern.split('/')[0] ?? '');
  return shapes.every(isFiles) ? [...shapes] : shapes.filter((shape) => !isFiles(shape));
}

/** The folders that are looked into, and all at the root by what is in them where there are too many of them. */
interface Tops {
  tops: string[];
  kinds: ReadonlyMap<string, readonly string[]>;
}

/**
 * The folders that are looked into: those at the root, those first whose names say that they hold apps, and the ones in a
 * folder of a tool such as `k8s`. Afterwards their content is known. Where they are too many, some of each kind are.
 */
async function topsOf(sketch: Sketch, declared: readonly string[] | undefined): Promise<Tops> {
  const root = sketch.folders('').filter((name) => tellsShape(name) && !(name === 'charts' && isHelmfile(sketch)));
  const isFirst = (name: string) =>
    OF_APPS.has(name) || (root.length > MOST_FOLDERS && isNamed({ declared, clusters: [] }, name));
  const ordered = [...root.filter(isFirst), ...root.filter((name) => !isFirst(name))];
  const first = root.includes('overlays') ? ['overlays'] : ordered.slice(0, MOST_FOLDERS);
  const others = root.includes('overlays') ? [] : ordered.slice(MOST_FOLDERS, MOST_TOPS);
  const content = (all: readonly string[]) => [
    ...all.flatMap((top) => [top, `${top}/base`, ...IN_APPS.map((name) => `${top}/${name}`)]),
    ...all.flatMap((top) => (declared ?? []).slice(0, MOST_ENVIRONMENTS).map((name) => `${top}/${name}`)),
  ];
  await sketch.look([...OBJECTS, ...content(first), ...others]);
  const names = { declared, clusters: clustersOf(sketch) };
  const kinds = others.length === 0 ? new Map<string, string[]>() : kindsOf(sketch, ordered.slice(0, MOST_TOPS), names);
  const odd = [...kinds.values()].filter((folders) => !folders.some((name) => first.includes(name)));
  const tops = [...first, ...odd.flatMap((folders) => folders.slice(0, FEW)).slice(0, MOST_FOLDERS)];
  const ofTools = tops.filter((top) => OF_TOOLS.has(top) || top === 'helmfile.d');
  const below = ofTools.flatMap((top) =>
    sketch
      .folders(top)
      .filter((name) => OF_APPS.has(name))
      .map((name) => `${top}/${name}`),
  );
  await sketch.look(content([...tops, ...below]));
  return { tops: [...tops, ...below], kinds };
}

/** Whether helmfile deploys what is here: then the charts in it are sources, and their values are no environments'. */
function isHelmfile(sketch: Sketch): boolean {
  return (
    sketch.folders('').includes('helmfile.d') ||
    sketch.files('').some((name) => /^helmfile\.ya?ml(\.gotmpl)?$/.test(name))
  );
}

/** Files of values that helmfile takes in for an environment: each of them is for all apps. */
function settingsOf(sketch: Sketch, folders: readonly string[]): string[] {
  const isPlain = folders.every((folder) => sketch.kustomization(folder) === undefined && !hasFolders(sketch, folder));
  const files = folders.flatMap((folder) => sketch.files(folder));
  return isPlain ? [...new Set(files)].filter((name) => /\.ya?ml$/.test(name) && !/secret/.test(name)) : [];
}

function hasFolders(sketch: Sketch, folder: string): boolean {
  return sketch.folders(folder).length > 0;
}

function environmentFolders(container: Container): string[] {
  return container.environments.slice(0, MOST_ENVIRONMENTS).map((name) => environmentFolder(container, name));
}

function environmentFolder({ folder, form = ENVIRONMENT }: Container, name: string): string {
  return joined(folder, form.replace(ENVIRONMENT, name));
}

/** Adds the patterns of a folder that environments are in, or clusters or regions with environments in them. */
async function addContainer(sketch: Sketch, container: Container, result: Shapes, names: KnownNames): Promise<void> {
  const regions = environmentFolders(container).filter((folder) => isLevelAbove(sketch, folder, names));
  if (regions.length > 0 && regions.length === environmentFolders(container).length) {
    const inside = regions.map(
      (folder): Container => ({ ...inFolder(sketch, folder, names, false), top: container.top }),
    );
    const below = inside.flatMap(environmentFolders);
    await sketch.look([...below, ...below.flatMap((folder) => insideOf(sketch, folder))], below);
    for (const each of inside) {
      await addPatterns(sketch, each, result);
    }
    return;
  }
  const environments = container.environments.filter((name) => names.declared?.includes(name) ?? true);
  await addPatterns(sketch, { ...container, environments }, result);
}

/** Whether a folder in the place of an environment is a cluster or region by its name, with environments in it. */
function isLevelAbove(sketch: Sketch, folder: string, names: KnownNames): boolean {
  const inside = sketch.folders(folder);
  return isRegion(folder.split('/').at(-1) ?? '') && inside.length > 0 && inside.every((name) => isNamed(names, name));
}

async function addPatterns(sketch: Sketch, container: Container, result: Shapes): Promise<void> {
  const { folder, top, unknown, isAny, form = ENVIRONMENT } = container;
  const environments = container.environments.filter(
    (name) => !isComponent(sketch.kustomization(environmentFolder(container, name))),
  );
  if (environments.length === 0) {
    const isVariants = container.environments.length === 0 && unknown.length > 0;
    result.variants.push(...(isVariants ? [{ folder, names: unknown }] : []));
    return;
  }
  const folders = environmentFolders({ ...container, environments });
  const settings = isAny && isHelmfile(sketch) ? settingsOf(sketch, folders) : [];
  if (settings.length > 0) {
    const patterns = settings.map((name) => joined(folder, `{environment}/${name}`));
    result.shapes.push(
      ...patterns.map((pattern) => ({ pattern, environments, isAny, isSample: false, owner: undefined })),
    );
    return;
  }
  const unread = folders.filter((each) => belowEnvironment(sketch, each) === 'unread');
  if (unread.length > 0) {
    const inside = unread.flatMap((each) => insideOf(sketch, each));
    await sketch.look(inside, inside);
  }
  const isOne = isApp(sketch, container);
  const ways = await evenWays(sketch, folders);
  const different = new Set(ways.map(({ way }) => JSON.stringify(way)));
  const all = [...new Set(ways.flatMap(({ way }) => way))];
  const proven = await provenWays(sketch, folders, all);
  if (different.size > 1 && proven.length === all.length && unknown.length === 0 && differInLevel(sketch, ways)) {
    result.shapes.push(...placedShapes(container, ways));
    return;
  }
  const patterns = proven.map((way) => joined(folder, `${form}${way}`));
  if (different.size > 1 && !(isOne && proven.includes(''))) {
    result.uneven.push({ folder, patterns });
    return;
  }
  if (patterns.length > 0 && unknown.length > 0) {
    result.doubts.push({ folder, known: environments, unknown });
  }
  const shape = {
    ...{ environments, isAny, isSample: false },
    ...(container.form === undefined ? {} : { isPlaced: true as const }),
  };
  if (different.size > 1) {
    // The app keeps some environments in one more level, which says nothing of the other apps.
    result.shapes.push({ ...shape, pattern: joined(folder, form), owner: top });
    return;
  }
  const isAlone = patterns.length > 0 && patterns.every((pattern) => /\{environment\}(\.ya?ml)?$/.test(pattern));
  const isOwned = isOne && isAlone && container.form === undefined;
  result.shapes.push(...patterns.map((pattern) => ({ ...shape, pattern, owner: isOwned ? top : undefined })));
}

/** A shape for the environments with a level of clusters or regions, and one for those without. */
function placedShapes(container: Container, ways: readonly WayOf[]): Shape[] {
  const { folder, isAny, form = ENVIRONMENT, environments } = container;
  const all = [...new Set(ways.flatMap(({ way }) => way))];
  return all.map((end): Shape => {
    const folders = ways.filter(({ way }) => way.includes(end)).map((each) => each.folder);
    const own = environments.filter((name) => folders.includes(environmentFolder(container, name)));
    const shape = { pattern: joined(folder, `${form}${end}`), environments: own, isAny, owner: undefined };
    return { ...shape, isSample: false, isPlaced: true };
  });
}

/** Whether the folder at the root is one app, and not one of several: its base is in it, and not one for each app. */
function isApp(sketch: Sketch, { folder, top }: Container): boolean {
  if (
    top === '' ||
    top.includes('/') ||
    !canHoldApps(top) ||
    isRegion(top) ||
    OF_APPS.has(top) ||
    OF_ENVIRONMENTS.has(top)
  ) {
    return false;
  }
  const hasBase = sketch.folders(top).includes('base');
  const isBase =
    sketch.files(`${top}/base`).some(isKustomization) && !gathersFolders(sketch.kustomization(`${top}/base`));
  return hasBase ? isBase : folder === top;
}

function joined(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
