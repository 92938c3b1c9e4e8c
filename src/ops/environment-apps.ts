import { heldBy } from './carriers/held.js';
import { NAME } from './fields.js';
import { baseOfGroup, folders, isPerApp, type Layout, namesIn, type Placeholder, placesIn } from './layout.js';
import { readOverlay } from './overlay.js';
import type { TreeReader } from './tree-reader.js';

/**
 * The apps that an environment has, in alphabetical order: the folders of its overlays; in the layout of groups those of
 * the bases that its overlay names, and folders of patches that hold a version (an app whose base is elsewhere).
 */
export async function appsOf(tree: TreeReader, layout: Layout, environment: string): Promise<string[]> {
  const found = await Promise.all(
    layout.templates.map((template) =>
      isPerApp(template)
        ? namesIn(tree, template.replaceAll('{environment}', environment), '{app}')
        : groupApps(tree, template, environment),
    ),
  );
  return [...new Set(found.flat())].sort();
}

async function groupApps(tree: TreeReader, template: string, environment: string): Promise<string[]> {
  const [pool, own] = (
    await Promise.all([tree.list(baseOfGroup(template)), tree.list(template.replaceAll('{environment}', environment))])
  ).map((entries) => folders(entries).filter((name) => NAME.test(name)));
  const names = [...new Set([...(pool ?? []), ...(own ?? [])])];
  const overlays = await Promise.all(
    names.map((name) => readOverlay(tree, { templates: [template] }, environment, name)),
  );
  return names.filter((name, index) => {
    const files = overlays[index]?.files;
    return files !== undefined && (pool?.includes(name) || heldBy(files, name).version !== null);
  });
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
  const places = await placesIn(tree, template, next);
  const below = places
    .filter(({ name }) => NAME.test(name))
    .map(({ name }) => misnamedBelow(tree, template.replaceAll(next, name)));
  const misnamed = places.filter(({ name }) => !NAME.test(name) && !name.startsWith('_'));
  return [...misnamed.map(({ folder }) => sentenceOf(folder, next)), ...(await Promise.all(below)).flat()];
}

function sentenceOf(folder: string, placeholder: Placeholder): string {
  const what = placeholder === '{app}' ? 'an app' : 'an environment';
  return `The folder ${JSON.stringify(folder)} is left out: the name of ${what} has letters, digits, ".", "_" and "-" only. Rename it.`;
}
