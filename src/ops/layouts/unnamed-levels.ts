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
 * was taken for apps holds none, and what is in it is called after the bases that it builds on. Takes one request for each level,
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
  const end = await endBelow(
    sketch,
    environments.map((name) => above.replaceAll('{environment}', name)),
  );
  return end === undefined
    ? layout
    : { ...layout, templates: await expandAnyName(tree, `${above}/${end}`, { ...layout, environments }) };
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
      const kinds = new Set(inside.map((folder) => kindOf(sketch.kustomization(folder), posix.basename(folder))));
      const [kind] = kinds.size === 1 ? kinds : [];
      const isAlone = level > 0 || inside.length === above.length;
      const stars = Array.from({ length: level }, () => '*');
      return kind === 'app' && level > 0
        ? [...stars, '{app}'].join('/')
        : kind === 'several' && isAlone
          ? [...stars, '*'].join('/')
          : undefined;
    }
    if (!inside.every((folder) => sketch.files(folder).length === 0 && sketch.folders(folder).length > 0)) {
      return undefined;
    }
    above = inside;
  }
  return undefined;
}

/** Whether a folder is an app by what it builds on, or one with several apps; `undefined` where that does not tell. */
function kindOf(kustomization: KustomizationFile | undefined, name: string): 'app' | 'several' | undefined {
  const bases = [...new Set(basesOf(kustomization))];
  return bases.includes(name)
    ? 'app'
    : bases.length > 1 && bases.every((base) => !base.includes(name) && !name.includes(base))
      ? 'several'
      : undefined;
}

/** The names of the folders that a kustomization takes in. */
function basesOf(kustomization: KustomizationFile | undefined): string[] {
  try {
    const all = kustomization === undefined ? [] : references(kustomization.text, kustomization.path);
    return all.flatMap(({ list, path }) =>
      list === 'resources' && !isRemote(path) && !isManifestPath(path) ? [posix.basename(path)] : [],
    );
  } catch (error) {
    // What is wrong with it is said by who reads it.
    if (error instanceof InvalidYaml) {
      return [];
    }
    throw error;
  }
}
