import { isKustomization } from '../kustomize/kustomization.js';
import { isRegion } from '../overlays/environment-name.js';
import { type Below, belowEnvironment, withoutLevel } from './environment-folder.js';
import { areApps, areSettings, fileWays, isFileWay } from './file-apps.js';
import type { Sketch } from './sketch.js';
import { areTags, bareFiles } from './tag-files.js';

/** Folders beside each other of which the first ones are looked into. */
const SAMPLE = 4;

/** Some of the folders in a folder. */
export function insideOf(sketch: Sketch, folder: string): string[] {
  return sketch
    .folders(folder)
    .slice(0, SAMPLE)
    .map((name) => `${folder}/${name}`);
}

/** The ways without those whose files turn out to be none of apps. */
export async function provenWays(sketch: Sketch, folders: readonly string[], ways: readonly Below[]): Promise<Below[]> {
  const hasBare = folders.some((folder) => bareFiles(sketch, folder).length > 0);
  const clusters = folders.flatMap((folder) => insideOf(sketch, folder));
  const [isFiles, isTags, isInClusters] = await Promise.all([
    !ways.includes('/{app}.yaml') || areApps(sketch, folders),
    !(ways.includes('/{app}') && hasBare) || areTags(sketch, folders),
    !ways.includes('/*/{app}.yaml') || areApps(sketch, clusters),
  ]);
  const isProven = (way: Below) =>
    way === '/{app}.yaml' ? isFiles : way === '/{app}' ? isTags : way !== '/*/{app}.yaml' || isInClusters;
  return ways.filter(isProven);
}

/** How an environment keeps its apps. */
export interface WayOf {
  folder: string;
  way: Below[];
}

/**
 * The ways in which the environments keep their apps. Folders of an environment without a kustomization are no apps where
 * other environments have one for all apps, unless there are kustomizations in them.
 */
export async function evenWays(sketch: Sketch, folders: readonly string[]): Promise<WayOf[]> {
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
  const left = ways.filter(({ folder }) => isLeft(folder));
  const isInFolders = ({ way }: { way: Below[] }) => way.includes('/{app}');
  if (!left.some(({ way }) => way.length > 0 && way.every(isFileWay)) || !left.some(isInFolders)) {
    return left;
  }
  // What is read to prove the files goes along with what is looked at in the folders.
  const [cleared] = await Promise.all([
    Promise.all(
      left.map(async (each) =>
        isInFolders(each) ? { ...each, way: await filesBeside(sketch, each.folder, each.way) } : each,
      ),
    ),
    areApps(sketch, folders),
  ]);
  return cleared;
}

/** How an environment keeps its apps that has files and folders, where others have files alone: the folders may be settings. */
async function filesBeside(sketch: Sketch, folder: string, way: Below[]): Promise<Below[]> {
  const ways = fileWays(sketch.files(folder));
  const folders = sketch.folders(folder).map((name) => `${folder}/${name}`);
  const isFew = ways.length > 0 && folders.length <= SAMPLE && sketch.kustomization(folder) === undefined;
  return isFew && (await areSettings(sketch, folders)) ? ways : way;
}

/**
 * Whether environments keep their apps in one way, but that some have a level of clusters or regions and others have none:
 * `staging/web` and `production/eu-1/web`. What is a level has names of regions, or the apps in it that others have without.
 */
export function differInLevel(sketch: Sketch, ways: readonly WayOf[]): boolean {
  const kinds = new Set(ways.map(({ way }) => JSON.stringify([...new Set(way.map(withoutLevel))].sort())));
  const isDeep = ({ way }: WayOf) => way.every((each) => each.startsWith('/*'));
  const [deep, flat] = [true, false].map((isIn) => ways.filter((each) => isDeep(each) === isIn));
  const apps = new Set((flat ?? []).flatMap(({ folder }) => namesIn(sketch, folder)));
  const isLevel = ({ folder }: WayOf) =>
    sketch.folders(folder).every(isRegion) ||
    insideOf(sketch, folder).every((cluster) => namesIn(sketch, cluster).some((name) => apps.has(name)));
  const isOneEach = ways.every(({ way }) => way.length === 1);
  return kinds.size === 1 && isOneEach && (deep ?? []).length > 0 && (deep ?? []).every(isLevel);
}

function namesIn(sketch: Sketch, folder: string): string[] {
  return [...sketch.folders(folder), ...sketch.files(folder).filter((name) => !isKustomization(name))];
}
