import { heldBy } from '../carriers/held.js';
import { buildInputs } from '../kustomize/build-inputs.js';
import { readKustomization } from '../kustomize/kustomization.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { appOfReference } from './app-of-reference.js';
import { baseOfGroup, isPerApp, type Layout } from './layout.js';
import { readOverlay } from './overlay.js';
import { folderNames, namesFromFolders } from './template-folders.js';

/**
 * The apps that an environment has, in alphabetical order: the folders of its overlays; in the layout of groups those of
 * the bases that its overlay names, and folders of patches and bases of other repositories that hold a version.
 */
export async function environmentApps(tree: TreeReader, layout: Layout, environment: string): Promise<string[]> {
  const found = await Promise.all(
    layout.templates.map((template) =>
      isPerApp(template)
        ? namesFromFolders(tree, template.replaceAll('{environment}', environment), '{app}')
        : groupApps(tree, template, environment),
    ),
  );
  return [...new Set(found.flat())].sort();
}

async function groupApps(tree: TreeReader, template: string, environment: string): Promise<string[]> {
  const folder = template.replaceAll('{environment}', environment);
  const [pool, own, taken] = await Promise.all([
    foldersIn(tree, baseOfGroup(template)),
    foldersIn(tree, folder),
    takenBy(tree, folder),
  ]);
  const names = [...new Set([...pool, ...own, ...taken])].filter((name) => NAME_PATTERN.test(name));
  const overlays = await Promise.all(
    names.map((name) => readOverlay(tree, { templates: [template] }, environment, name)),
  );
  return names.filter((name, index) => {
    const files = overlays[index]?.files;
    return files !== undefined && (pool.includes(name) || heldBy(files, name).version !== null);
  });
}

async function foldersIn(tree: TreeReader, folder: string): Promise<string[]> {
  return folderNames(await tree.list(folder));
}

/** What may be an app by the resources that a kustomization takes in, from this repository or another one. */
async function takenBy(tree: TreeReader, folder: string): Promise<string[]> {
  const kustomization = await readKustomization(tree, folder);
  const inputs = kustomization === undefined ? [] : buildInputs(kustomization.text, kustomization.path);
  return inputs
    .filter(({ key }) => key === 'resources' || key === 'bases')
    .flatMap(({ path }) => appOfReference(path) ?? []);
}
