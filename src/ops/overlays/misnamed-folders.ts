import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { isEnvironment } from './environment-name.js';
import { baseOfGroup, isFile, isPerApp, type Layout } from './layout.js';
import { type Placeholder, templateFolders } from './template-folders.js';

/**
 * Folders that are where environments or apps are, but whose name cannot be that of one. A name that begins with `_` is
 * left to people. Lists only the folders that `environmentApps` lists for all environments.
 *
 * @returns for each folder a sentence for people that says what to do
 */
export async function misnamedFolders(tree: TreeReader, layout: Layout): Promise<string[]> {
  const templates = layout.templates.flatMap((template) =>
    isPerApp(layout, template) || isFile(template) ? [template] : [template, `${baseOfGroup(template)}/{app}`],
  );
  const paths = templates.flatMap((template) => [...(layout.places?.get(template)?.values() ?? [template])]);
  const found = await Promise.all(paths.map((template) => misnamedBelow(tree, layout, template)));
  return [...new Set(found.flat())].sort();
}

async function misnamedBelow(tree: TreeReader, layout: Layout, template: string): Promise<string[]> {
  const placeholders: Placeholder[] = ['{environment}', '{app}'];
  const [next] = placeholders
    .filter((placeholder) => template.includes(placeholder))
    .sort((one, other) => template.indexOf(one) - template.indexOf(other));
  if (next === undefined) {
    return [];
  }
  const all = await templateFolders(tree, template, next);
  const folders = next === '{app}' ? all : all.filter(({ name }) => isEnvironment(layout, name));
  const below = folders
    .filter(({ name }) => NAME_PATTERN.test(name))
    .map(({ name }) => misnamedBelow(tree, layout, template.replaceAll(next, name)));
  const misnamed = folders.filter(({ name }) => !NAME_PATTERN.test(name) && !name.startsWith('_'));
  return [...misnamed.map(({ folder }) => sentenceOf(folder, next)), ...(await Promise.all(below)).flat()];
}

function sentenceOf(folder: string, placeholder: Placeholder): string {
  const what = placeholder === '{app}' ? 'an app' : 'an environment';
  return `The folder ${JSON.stringify(folder)} is left out: the name of ${what} has letters, digits, ".", "_" and "-" only. Rename it.`;
}
