import { withNamedApps as namedByImage, withAppsByImage } from '../overlays/apps-by-image.js';
import { isRegion } from '../overlays/environment-name.js';
import { allEnvironments } from '../overlays/environments.js';
import type { Layout } from '../overlays/layout.js';
import { readOverlay } from '../overlays/overlay.js';
import { folderNames } from '../overlays/template-folders.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { InvalidYaml } from '../yaml/parse.js';
import { clusterForms } from './cluster-forms.js';
import { locateOverlays, OSTACK, type PlacesPolicy } from './locate-overlays.js';
import { withUnnamedLevels } from './unnamed-levels.js';

/** The folder of the oStack layout that environments are in. */
const OVERLAYS = OSTACK.slice(0, OSTACK.indexOf('/'));

/**
 * Where the apps of a repository are, for every verb: where its overlays are, with what is between environments and apps.
 *
 * @throws UnclearLayout as `locateOverlays` does; what a failed request throws
 */
export async function locateApps(tree: TreeReader, policy: PlacesPolicy): Promise<Layout> {
  return withClusters(tree, await locateOverlays(tree, policy), policy);
}

/**
 * The layout that all apps of a repository have: in the oStack layout with clusters where environments have these, and with
 * apps called as their images. For who looks at all of them; it reads the folders of all environments.
 *
 * @returns the same object where nothing is otherwise
 * @throws UnclearLayout as `locateOverlays` does; what a failed request throws
 */
export async function withAllApps(tree: TreeReader, layout: Layout, policy: PlacesPolicy): Promise<Layout> {
  return withAppsByImage(tree, await withClusters(tree, layout, policy), policy);
}

/**
 * The same for some apps in some environments: where they are there, nothing more is read.
 *
 * @throws as `withAllApps` does; what is wrong with an overlay is left to who reads it
 */
export async function withNamedApps(
  tree: TreeReader,
  layout: Layout,
  policy: PlacesPolicy,
  environments: readonly string[],
  apps: readonly string[],
): Promise<Layout> {
  const found = await Promise.all(environments.flatMap((name) => apps.map((app) => isThere(tree, layout, name, app))));
  const known = found.every(Boolean) ? layout : await withClusters(tree, layout, policy);
  return namedByImage(tree, known, policy, environments, apps);
}

/**
 * The layout with folders of clusters between environments and apps, whatever they are called.
 *
 * @returns the same object where no environment has such
 * @throws UnclearLayout as `locateOverlays` does; what a failed request throws
 */
export async function withClusters(tree: TreeReader, layout: Layout, policy: PlacesPolicy): Promise<Layout> {
  return withUnnamedLevels(tree, await withRegions(tree, layout, policy), policy);
}

/**
 * The oStack layout is taken for granted where a repository has its folders, so that it costs nothing. Where an environment in it
 * has folders of clusters and no others, the tree is looked at as that of any other repository.
 */
async function withRegions(tree: TreeReader, layout: Layout, policy: PlacesPolicy): Promise<Layout> {
  if (!isTakenForGranted(layout) || policy.overlays.length > 0) {
    return layout;
  }
  const looked = (await hasClusters(tree, layout, policy)) ? await locateOverlays(tree, policy, true) : layout;
  return isTakenForGranted(looked) ? layout : looked;
}

/** Whether an environment has nothing but folders of clusters, or folders of clusters that are called after it. */
async function hasClusters(tree: TreeReader, layout: Layout, policy: PlacesPolicy): Promise<boolean> {
  const [environments, beside] = await Promise.all([allEnvironments(tree, layout, policy), tree.list(OVERLAYS)]);
  const declared = policy.environments.map(({ name }) => name);
  if (clusterForms(folderNames(beside), declared).length > 0) {
    return true;
  }
  const folders = environments.map((name) => `${OVERLAYS}/${name}`);
  const names = (await Promise.all(folders.map((folder) => tree.list(folder)))).map(folderNames);
  const clusters = folders.flatMap((folder, index) =>
    names[index]?.every(isRegion) ? names[index].map((name) => `${folder}/${name}`) : [],
  );
  const inside = await Promise.all(clusters.map((folder) => tree.list(folder)));
  return inside.map(folderNames).some((apps) => apps.length > 0);
}

function isTakenForGranted({ templates, places }: Layout): boolean {
  return templates.length === 1 && templates[0] === OSTACK && places?.has(OSTACK) !== true;
}

async function isThere(tree: TreeReader, layout: Layout, environment: string, app: string): Promise<boolean> {
  try {
    // A folder with nothing but folders may be one of clusters.
    return ((await readOverlay(tree, layout, environment, app))?.files.length ?? 0) > 0;
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return true;
    }
    throw error;
  }
}
