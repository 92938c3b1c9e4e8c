import { deployedIn } from '../carriers/deployed.js';
import { buildInputs } from '../kustomize/build-inputs.js';
import { readKustomization } from '../kustomize/kustomization.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { appOfReference } from './app-of-reference.js';
import { baseOfGroup, isPerApp, type Layout } from './layout.js';
import { readOverlay } from './overlay.js';
import { folderNames, namesFromFolders } from './template-folders.js';

/**
 * The apps of an environment, in alphabetical order. In the oStack layout they are the folders in
 * `overlays/<environment>`. In the groups layout they are the bases that the overlay includes, and also folders of
 * patches and remote bases in which a version is deployed.
 *
 * @throws Error where a kustomization is not valid YAML, or a request fails
 */
export async function environmentApps(tree: TreeReader, layout: Layout, environment: string): Promise<string[]> {
  const found = await Promise.all(
    layout.templates.map((template) =>
      isPerApp(template)
        ? namesFromFolders(tree, template.replaceAll('{environment}', environment), '{app}')
        : groupApps(tree, layout, template, environment),
    ),
  );
  return [...new Set(found.flat())].sort();
}

async function groupApps(tree: TreeReader, layout: Layout, template: string, environment: string): Promise<string[]> {
  const folder = template.replaceAll('{environment}', environment);
  const [bases, own, included] = await Promise.all([
    foldersIn(tree, baseOfGroup(template)),
    foldersIn(tree, folder),
    includedApps(tree, folder),
  ]);
  const names = [...new Set([...bases, ...own, ...included])].filter((name) => NAME_PATTERN.test(name));
  const overlays = await Promise.all(
    names.map((name) => readOverlay(tree, { ...layout, templates: [template] }, environment, name)),
  );
  return names.filter((name, index) => {
    const files = overlays[index]?.files;
    return files !== undefined && (bases.includes(name) || deployedIn(files, name).version !== null);
  });
}

async function foldersIn(tree: TreeReader, folder: string): Promise<string[]> {
  return folderNames(await tree.list(folder));
}

/** Names of possible apps: those of the resources of a kustomization, from this repository or another one. */
async function includedApps(tree: TreeReader, folder: string): Promise<string[]> {
  const kustomization = await readKustomization(tree, folder);
  const inputs = kustomization === undefined ? [] : buildInputs(kustomization.text, kustomization.path);
  return inputs
    .filter(({ key }) => key === 'resources' || key === 'bases')
    .flatMap(({ path }) => appOfReference(path) ?? []);
}
