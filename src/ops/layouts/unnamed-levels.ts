import { posix } from 'node:path';
import type { KustomizationFile } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { references } from '../kustomize/references.js';
import { isRemote } from '../kustomize/remote.js';
import { allEnvironments } from '../overlays/environments.js';
import type { Layout } from '../overlays/layout.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { InvalidYaml } from '../yaml/parse.js';
import { expandAnyName } from './any-name.js';
import { insideOf } from './even-ways.js';
import type { PlacesPolicy } from './locate-overlays.js';
import { Sketch } from './sketch.js';

/** A template whose folders in an environment are taken for apps. */
const APPS_IN_ENVIRONMENT = /\{environment\}.*\/\{app\}$/;

/** Most levels between an environment and its apps. */
const MOST_LEVELS = 3;

/**
 * The layout with folders between environments and apps that no name tells of, such as clusters with names of their own: what
 * was taken for apps holds none, and what is in it is called after the bases that it builds on; or an app has such folders in it. Takes one request for each level,
 * and looks at some folders of each.
 *
 * @returns the same object where there is no such level, and where the policy says where overlays are
 * @throws what a failed request throws
 */
export async function withUnnamedLevels(tree: TreeReader, layout: Layout, policy: PlacesPolicy): Promise<Layout> {
  const [template, ...others] = layout.templates;
  const isOpen = policy.overlays.length === 0 && others.length === 0 && !layout.places?.size;
  if (!isOpen || template === undefined || !APPS_IN_ENVIRONMENT.test(template)) {
    return layout;
  }
  const environments = await allEnvironments(tree, layout, policy);
  const above = template.slice(0, -'/{app}'.length);
  const sketch = new Sketch(tree);
  const folders = environments.map((name) => above.replaceAll('{environment}', name));
  const end = await endBelow(sketch, folders);
  const ends = end === undefined ? await endsOfSome(sketch, folders) : [end];
  if (ends.length === 0) {
    return layout;
  }
  const known = { ...layout, environments };
  const templates = await Promise.all(ends.map((each) => expandAnyName(tree, `${above}/${each}`, known)));
  return { ...layout, templates: templates.flat() };
}

/**
 * The ends of the patterns where some apps of an environment have a kustomization, and others a folder for each cluster; none
 * where it is not so. An app with a kustomization and folders could have either in these, so that nothing is told then.
 */
async function endsOfSome(sketch: Sketch, environments: readonly string[]): Promise<string[]> {
  const apps = environments.flatMap((folder) => insideOf(sketch, folder));
  const flat = apps.filter((folder) => sketch.kustomization(folder) !== undefined);
  const deep = apps.filter((folder) => !flat.includes(folder));
  const isLevel = (folder: string) => sketch.files(folder).length === 0 && sketch.folders(folder).length > 0;
  if (flat.length === 0 || deep.length === 0 || !deep.every(isLevel)) {
    return [];
  }
  const clusters = deep.flatMap((folder) => insideOf(sketch, folder));
  await sketch.look([...flat, ...clusters], clusters);
  const areClusters = clusters.every((folder) => isOfAppAbove(sketch.kustomization(folder), folder));
  return areClusters && flat.every((folder) => sketch.folders(folder).length === 0) ? ['{app}', '{app}/*'] : [];
}

/** The end of the pattern below environments; `undefined` where it is that of apps, or nothing tells. */
async function endBelow(sketch: Sketch, environments: readonly string[]): Promise<string | undefined> {
  let above = environments;
  await sketch.look(above);
  for (let level = 0; level < MOST_LEVELS; level++) {
    const inside = above.flatMap((folder) => insideOf(sketch, folder));
    await sketch.look(inside, inside);
    if (inside.length === 0 || above.some((folder) => sketch.folders(folder).length === 0)) {
      return undefined;
    }
    if (inside.every((folder) => sketch.kustomization(folder) !== undefined)) {
      return endAt(sketch, inside, level, inside.length === above.length);
    }
    if (!inside.every((folder) => sketch.files(folder).length === 0 && sketch.folders(folder).length > 0)) {
      return undefined;
    }
    above = inside;
  }
  return undefined;
}

/**
 * The same where the folders at a level have kustomizations: they are apps, or have all apps of an environment or cluster each,
 * or are what an app above them has in each cluster.
 *
 * @param isAlone whether there is one of them in each folder
 */
function endAt(sketch: Sketch, folders: readonly string[], level: number, isAlone: boolean): string | undefined {
  const kinds = new Set(folders.map((folder) => kindOf(sketch.kustomization(folder), posix.basename(folder))));
  const [kind] = kinds.size === 1 ? kinds : [];
  const stars = Array.from({ length: level }, () => '*');
  if (level > 0 && kind === 'app') {
    return [...stars, '{app}'].join('/');
  }
  if (level > 0 && folders.every((folder) => isOfAppAbove(sketch.kustomization(folder), folder))) {
    return [...stars.slice(1), '{app}', '*'].join('/');
  }
  return kind === 'several' && (level > 0 || isAlone) ? [...stars, '*'].join('/') : undefined;
}

/** Whether a folder builds on something that is called as the folder above, and on nothing that is called as itself. */
function isOfAppAbove(kustomization: KustomizationFile | undefined, folder: string): boolean {
  const segments = referencesOf(kustomization).map((path) => path.split('/'));
  const isOf = (name: string) => segments.some((path) => path.includes(name));
  return isOf(posix.basename(posix.dirname(folder))) && !isOf(posix.basename(folder));
}

/** Whether a folder is an app by what it builds on, or one with several apps; `undefined` where that does not tell. */
function kindOf(kustomization: KustomizationFile | undefined, name: string): 'app' | 'several' | undefined {
  const bases = [...new Set(referencesOf(kustomization).map((path) => posix.basename(path)))];
  return bases.includes(name)
    ? 'app'
    : bases.length > 1 && bases.every((base) => !base.includes(name) && !name.includes(base))
      ? 'several'
      : undefined;
}

/** The folders that a kustomization takes in, as it names them. */
function referencesOf(kustomization: KustomizationFile | undefined): string[] {
  try {
    const all = kustomization === undefined ? [] : references(kustomization.text, kustomization.path);
    return all.flatMap(({ list, path }) =>
      list === 'resources' && !isRemote(path) && !isManifestPath(path) ? [path] : [],
    );
  } catch (error) {
    // What is wrong with it is said by who reads it.
    if (error instanceof InvalidYaml) {
      return [];
    }
    throw error;
  }
}
