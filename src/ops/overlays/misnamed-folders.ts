import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { baseOfGroup, isPerApp, type Layout } from './layout.js';
import { type Placeholder, templateFolders } from './template-folders.js';

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
