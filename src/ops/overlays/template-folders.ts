import { NAME_PATTERN } from '../tree/name.js';
import type { Entry, TreeReader } from '../tree/tree-reader.js';

/** What stands for itself in a template. */
export type Placeholder = '{app}' | '{environment}';

/**
 * What stands for a placeholder of a template, from the names of folders; what comes before it is no placeholder. Folders
 * whose names are not fit for one are left out: `misnamedFolders` tells of them.
 */
export async function namesFromFolders(
  tree: TreeReader,
  template: string,
  placeholder: Placeholder,
): Promise<string[]> {
  return (await templateFolders(tree, template, placeholder))
    .map(({ name }) => name)
    .filter((name) => NAME_PATTERN.test(name));
}

/** The same with the paths of the folders, whatever their names. */
export async function templateFolders(
  tree: TreeReader,
  template: string,
  placeholder: Placeholder,
): Promise<{ name: string; folder: string }[]> {
  const segments = template.split('/');
  const at = segments.findIndex((segment) => segment.includes(placeholder));
  const above = segments.slice(0, at).join('/');
  const [before = '', after = ''] = (segments[at] ?? '').split(placeholder);
  return folderNames(await tree.list(above))
    .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length)
    .map((name) => ({
      name: name.slice(before.length, name.length - after.length),
      folder: above === '' ? name : `${above}/${name}`,
    }));
}

/** Names of the folders among entries, without hidden ones. */
export function folderNames(entries: readonly Entry[] | undefined): string[] {
  return (entries ?? [])
    .filter((entry) => entry.type === 'folder' && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}
