import { isBareFile } from '../carriers/bare-file.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { Entry, TreeReader } from '../tree/tree-reader.js';
import { isFile } from './layout.js';
import { canBeTopApp } from './top-folders.js';

/** A placeholder in a template of a layout. */
export type Placeholder = '{app}' | '{environment}';

/**
 * The values that a placeholder of a template has in the tree, from the names of folders, or of files where the template
 * ends in one; where there is no folder in the place, of files whose names have no ending. Placeholders before it must be filled in already. What has a name that cannot be that of an app or
 * environment is left out; `misnamedFolders` lists it.
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

/** Like `namesFromFolders`, with the paths of the folders, and whatever their names. */
export async function templateFolders(
  tree: TreeReader,
  template: string,
  placeholder: Placeholder,
): Promise<{ name: string; folder: string }[]> {
  const segments = template.split('/');
  const at = segments.findIndex((segment) => segment.includes(placeholder));
  const above = segments.slice(0, at).join('/');
  const [before = '', after = ''] = (segments[at] ?? '').split(placeholder);
  const type = at === segments.length - 1 && isFile(template) ? 'file' : 'folder';
  const entries = await tree.list(above);
  const names = type === 'file' ? namesOf(entries, type) : folderNames(entries);
  const isLast = at === segments.length - 1;
  return (names.length === 0 && isLast ? namesOf(entries, 'file').filter(isBareFile) : names)
    .filter((name) => at > 0 || placeholder !== '{app}' || canBeTopApp(name))
    .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length)
    .map((name) => ({
      name: name.slice(before.length, name.length - after.length),
      folder: above === '' ? name : `${above}/${name}`,
    }));
}

/** The names of the folders among the entries of a folder, without hidden ones and the one that Flux keeps itself in. */
export function folderNames(entries: readonly Entry[] | undefined): string[] {
  return namesOf(entries, 'folder').filter((name) => name !== 'flux-system');
}

function namesOf(entries: readonly Entry[] | undefined, type: Entry['type']): string[] {
  return (entries ?? [])
    .filter((entry) => entry.type === type && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
}
