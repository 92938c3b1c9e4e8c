import { canBeEnvironment, isAmbiguous, isRegion } from '../overlays/environment-name.js';
import { type Container, inFolder } from './containers.js';
import { canBeApp, IN_APPS, OF_APPS } from './folder-words.js';
import { type App, type AppShapes, addShape, addSorted } from './found-shapes.js';
import { isNamed, isNamedInOverlays, type KnownNames } from './known-names.js';
import type { Shape } from './shape.js';
import type { Sketch } from './sketch.js';
import { sortNames } from './sort-names.js';
import { addValues } from './values-shapes.js';

/** Folders of several apps that are looked into, to see what an app has in it. */
const SAMPLE = 10;

/** Folders of environments that are looked into, where they were not guessed. */
const FEW = 6;

/** Some of the folders that may be apps, in folders of apps that are no place of environments themselves. */
export function samplesOf(
  sketch: Sketch,
  tops: readonly string[],
  containers: readonly Container[],
  names: KnownNames,
): string[] {
  return tops
    .filter((top) => !isNamed(names, top) && containers.every((container) => container.top !== top))
    .flatMap((top) => spread(appFolders(sketch, top, tops), OF_APPS.has(lastOf(top)) ? SAMPLE : SAMPLE / 2));
}

/** Some of the names, from the first to the last one. */
export function spread(all: readonly string[], most: number): string[] {
  return all.length <= most
    ? [...all]
    : all.filter(
        (_, index) => Math.floor((index * most) / all.length) !== Math.floor(((index - 1) * most) / all.length),
      );
}

/** The folders in a folder that may be apps; `tops` are looked into on their own. */
export function appFolders(sketch: Sketch, top: string, tops: readonly string[]): string[] {
  return sketch
    .folders(top)
    .filter((name) => canBeApp(name) && canBeEnvironment(name))
    .map((name) => `${top}/${name}`)
    .filter((folder) => !tops.includes(folder));
}

/** What is looked at in a folder that may be an app. */
export function insideApp(folder: string): string[] {
  return [folder, ...IN_APPS.map((name) => `${folder}/${name}`)];
}

/** Whether a folder is an app that has environments in it. */
export function hasEnvironments(sketch: Sketch, folder: string, names: KnownNames): boolean {
  const inside = sketch.folders(folder);
  return IN_APPS.some((name) => inside.includes(name)) || inside.some((name) => isNamed(names, name));
}

/**
 * The patterns of apps that have environments in them.
 *
 * @param samples folders that may be apps, in folders of apps
 * @param tops folders at the root, which may be apps or charts of all apps
 */
export async function appShapes(
  sketch: Sketch,
  samples: readonly string[],
  tops: readonly string[],
  names: KnownNames,
): Promise<AppShapes> {
  const result: AppShapes = { shapes: [], doubts: [], variants: [] };
  const apps = samples.map((folder) => ({ folder, above: `${above(folder)}/{app}`, owner: undefined }));
  await addFolders(sketch, apps, names, result);
  const alone = tops
    .filter((top) => !top.includes('/') && !isNamed(names, top))
    .map((top) => ({ folder: top, above: top, owner: OF_APPS.has(top) ? undefined : top }));
  const isChart = ({ folder, owner }: App) => owner !== undefined || sketch.files(folder).includes('Chart.yaml');
  await addValues(
    sketch,
    [...apps, ...alone.filter(isChart), { folder: '', above: '', owner: undefined }],
    names,
    result,
  );
  return result;
}

/** The patterns of apps with a level above them that nothing names, such as teams or namespaces: `apps/<team>/<app>`. */
export async function deepAppShapes(sketch: Sketch, samples: readonly string[], names: KnownNames): Promise<AppShapes> {
  const result: AppShapes = { shapes: [], doubts: [], variants: [] };
  const folders = samples
    .filter((folder) => OF_APPS.has(lastOf(above(folder))))
    .flatMap((folder) => appFolders(sketch, folder, []).slice(0, 2));
  await sketch.look(folders.flatMap(insideApp));
  const apps = folders.map((folder) => ({ folder, above: `${above(above(folder))}/*/{app}`, owner: undefined }));
  // One folder that is called like an environment may be anything here.
  const isSure = ({ folder }: App) => inFolder(sketch, folder, names, false).environments.length !== 1;
  await addFolders(sketch, apps.filter(isSure), names, result);
  await addValues(sketch, apps, names, result);
  return result;
}

async function addFolders(sketch: Sketch, apps: readonly App[], names: KnownNames, result: AppShapes): Promise<void> {
  const found: AppShapes = { shapes: [], doubts: [], variants: [] };
  await addFlat(sketch, apps, names, found);
  for (const shape of found.shapes) {
    addWithLevel(sketch, apps, shape, names, result);
  }
  result.doubts.push(...found.doubts);
  result.variants.push(...found.variants);
}

/** Adds a shape with the level of clusters or regions that environments of an app have, as far as they were looked into. */
function addWithLevel(
  sketch: Sketch,
  apps: readonly App[],
  shape: Shape,
  { declared }: KnownNames,
  result: AppShapes,
): void {
  const placeIn = ({ folder, above }: App, environment: string) =>
    `${folder}${shape.pattern.slice(above.length).replace('{environment}', environment)}`;
  const isDeep = (environment: string) => apps.some((app) => isOfClusters(sketch, placeIn(app, environment)));
  const deep = shape.environments.filter(isDeep);
  const flat = shape.environments.filter((environment) => !deep.includes(environment));
  const inClusters = { ...shape, pattern: `${shape.pattern}/*`, environments: deep };
  if (deep.length === 0 || flat.length === 0) {
    result.shapes.push(deep.length === 0 ? shape : inClusters);
  } else if (declared === undefined) {
    result.doubts.push({
      folder: shape.pattern.replace('/{environment}', ''),
      known: [...flat, ...deep],
      unknown: [],
      deep,
    });
  } else {
    result.shapes.push({ ...shape, environments: flat, isPlaced: true }, { ...inClusters, isPlaced: true });
  }
}

/** Whether the folder of an environment has nothing in it but folders of clusters or regions, by their names. */
function isOfClusters(sketch: Sketch, folder: string): boolean {
  const inside = sketch.folders(folder);
  return sketch.files(folder).length === 0 && inside.length > 0 && inside.every(isRegion);
}

async function addFlat(sketch: Sketch, apps: readonly App[], names: KnownNames, result: AppShapes): Promise<void> {
  const overlays = apps.map(({ folder }) => ({
    folder: `${folder}/overlays`,
    names: sketch.folders(`${folder}/overlays`).filter(canBeEnvironment),
  }));
  const sorted = sortNames(overlays, (name) => isNamedInOverlays(names, name));
  for (const [index, app] of apps.entries()) {
    const own = sorted[index];
    if (own !== undefined) {
      addSorted(result, own, { pattern: `${app.above}/overlays/{environment}`, owner: undefined }, names);
    }
    for (const name of IN_APPS.filter((each) => each !== 'overlays')) {
      const { environments } = inFolder(sketch, `${app.folder}/${name}`, names, true);
      addShape(result, { pattern: `${app.above}/${name}/{environment}`, environments, isAny: true, owner: undefined });
    }
  }
  const plain = apps.filter(({ folder }) => isPlain(sketch, folder));
  await lookBelow(sketch, plain, names);
  for (const start of new Set(plain.map((app) => app.above))) {
    const folders = plain.filter((app) => app.above === start).map(({ folder }) => folder);
    const environments = environmentsBeside(sketch, folders, names);
    addShape(result, { pattern: `${start}/{environment}`, environments, isAny: false, owner: undefined });
  }
}

/**
 * The environments that are beside each other in folders of apps. Where most of them have only folders in them, these are
 * the apps, and what is above is something else.
 */
function environmentsBeside(sketch: Sketch, apps: readonly string[], names: KnownNames): string[] {
  const found = apps.flatMap((app) =>
    inFolder(sketch, app, names, false).environments.map((name) => ({ name, folder: `${app}/${name}` })),
  );
  const known = found.filter(({ folder }) => sketch.isKnown(folder));
  const isFull = ({ folder }: { folder: string }) => sketch.files(folder).length > 0 || isOfClusters(sketch, folder);
  const isFilled = known.filter(isFull).length * 2 >= known.length;
  const [first, ...others] = new Set(found.map(({ name }) => name));
  const isNone =
    first === undefined || !isFilled || (others.length === 0 && names.declared === undefined && isAmbiguous(first));
  return isNone ? [] : [first, ...others];
}

/** Whether environments may be beside each other in a folder: there is none for them, and it is no chart. */
function isPlain(sketch: Sketch, folder: string): boolean {
  const isChart = sketch.files(folder).includes('Chart.yaml');
  return !isChart && IN_APPS.every((name) => !sketch.folders(folder).includes(name));
}

/** Looks into environments of some apps, where their names were not guessed. */
async function lookBelow(sketch: Sketch, apps: readonly App[], names: KnownNames): Promise<void> {
  const all = apps.flatMap(({ folder }) =>
    inFolder(sketch, folder, names, false).environments.map((name) => `${folder}/${name}`),
  );
  if (!all.some((folder) => sketch.isKnown(folder))) {
    await sketch.look(all.slice(0, FEW));
  }
}

function above(folder: string): string {
  return folder.slice(0, folder.lastIndexOf('/'));
}

function lastOf(folder: string): string {
  return folder.split('/').at(-1) ?? folder;
}
