import { heldBy } from '../carriers/held.js';
import { buildInputs } from '../kustomize/build-inputs.js';
import { readKustomization } from '../kustomize/read-kustomization.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { appOfReference } from './app-of-reference.js';
import {
  baseOfGroup,
  folderNames,
  isPerApp,
  type Layout,
  namesFromFolders,
  type Placeholder,
  templateFolders,
} from './layout.js';
import { readOverlay } from './overlay.js';

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

/**
 * Folders where those of environments or apps are, whose names cannot be one, each in a sentence that says what to do. A
 * name that begins with `_` is left to people. Lists only the folders that `appsOf` lists for all environments.
 */
export async function misnamedFolders(tree: TreeReader, layout: Layout): Promise<string[]> {
  const templates = layout.templates.flatMap((template) =>
    isPerApp(template) ? [template] : [template, `${baseOfGroup(template)}/{app}`],
  );
  const found = await Promise.all(templates.map((template) => misnamedBelow(tree, template)));
  return [...new Set(found.flat())].sort();
}

async function misnamedBelow(tree: TreeReader, template: string): Promise<string[]> {
  const placeholders: Placeholder[] = ['{environment}', '{app}'];
  const [next] = placeholders
    .filter((placeholder) => template.includes(placeholder))
    .sort((one, other) => template.indexOf(one) - template.indexOf(other));
  if (next === undefined) {
    return [];
  }
  const places = await templateFolders(tree, template, next);
  const below = places
    .filter(({ name }) => NAME_PATTERN.test(name))
    .map(({ name }) => misnamedBelow(tree, template.replaceAll(next, name)));
  const misnamed = places.filter(({ name }) => !NAME_PATTERN.test(name) && !name.startsWith('_'));
  return [...misnamed.map(({ folder }) => sentenceOf(folder, next)), ...(await Promise.all(below)).flat()];
}

function sentenceOf(folder: string, placeholder: Placeholder): string {
  const what = placeholder === '{app}' ? 'an app' : 'an environment';
  return `The folder ${JSON.stringify(folder)} is left out: the name of ${what} has letters, digits, ".", "_" and "-" only. Rename it.`;
}
