import type { TreeReader } from '../tree/tree-reader.js';
import { isEnvironment } from './environment-name.js';
import type { Layout } from './layout.js';
import { folderNames, namesFromFolders } from './template-folders.js';

/**
 * The templates that a pattern with `*` (one path segment of any name) stands for in a tree: one for each name that there
 * is. `clusters/{environment}/*` becomes `clusters/{environment}/eu` and `clusters/{environment}/us`.
 *
 * @returns the pattern itself where it has no `*`; nothing where no folder fits
 */
export async function expandAnyName(
  tree: TreeReader,
  pattern: string,
  layout: Pick<Layout, 'environments' | 'hasUsual'>,
): Promise<string[]> {
  const segments = pattern.split('/');
  const at = segments.indexOf('*');
  if (at < 0) {
    return [pattern];
  }
  const above = segments.slice(0, at).join('/');
  const found = above.includes('{environment}') ? await namesFromFolders(tree, above, '{environment}') : [''];
  const folders = found
    .filter((name) => name === '' || isEnvironment(layout, name))
    .map((name) => above.replaceAll('{environment}', name));
  const lists = await Promise.all(folders.map((folder) => tree.list(folder)));
  const names = [...new Set(lists.flatMap(folderNames))].filter((name) => !name.startsWith('_')).sort();
  const next = names.map((name) => segments.map((segment, index) => (index === at ? name : segment)).join('/'));
  return (await Promise.all(next.map((each) => expandAnyName(tree, each, layout)))).flat();
}
