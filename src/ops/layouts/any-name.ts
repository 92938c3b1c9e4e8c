import { canBeEnvironment, isEnvironment } from '../overlays/environment-name.js';
import type { Layout } from '../overlays/layout.js';
import { folderNames, namesFromFolders, type Placeholder } from '../overlays/template-folders.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { UnclearLayout } from './unclear-layout.js';

/** Most apps that are looked into, so that the cost stays flat. */
const MOST_APPS = 100;

/**
 * The templates that a pattern with `*` (one path segment of any name) stands for in a tree: one for each name that there
 * is. `clusters/{environment}/*` becomes `clusters/{environment}/eu` and `clusters/{environment}/us`.
 *
 * @returns the pattern itself where it has no `*`; nothing where no folder fits
 * @throws UnclearLayout where a `*` is below more apps than are looked into, with the lines that say it without
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
  const filled = await foldersOf(tree, above, layout);
  const lists = await Promise.all(filled.folders.map((folder) => tree.list(folder)));
  const all = [...new Set(lists.flatMap(folderNames))].filter((name) => !name.startsWith('_')).sort();
  // Below an app there are folders of its files too.
  const names = above.includes('{app}') ? all.filter(canBeEnvironment) : all;
  const next = names.map((name) => segments.map((segment, index) => (index === at ? name : segment)).join('/'));
  if (filled.isCut) {
    throw tooManyApps(pattern, next);
  }
  return (await Promise.all(next.map((each) => expandAnyName(tree, each, layout)))).flat();
}

/** The folders that the beginning of a pattern stands for. */
async function foldersOf(
  tree: TreeReader,
  above: string,
  layout: Pick<Layout, 'environments' | 'hasUsual'>,
): Promise<{ folders: string[]; isCut: boolean }> {
  const placeholders: Placeholder[] = ['{environment}', '{app}'];
  const [next] = placeholders
    .filter((placeholder) => above.includes(placeholder))
    .sort((one, other) => above.indexOf(one) - above.indexOf(other));
  if (next === undefined) {
    return { folders: [above], isCut: false };
  }
  const names = await namesFromFolders(tree, above, next);
  const fit = next === '{app}' ? names.slice(0, MOST_APPS) : names.filter((name) => isEnvironment(layout, name));
  const below = await Promise.all(fit.map((name) => foldersOf(tree, above.replaceAll(next, name), layout)));
  return {
    folders: below.flatMap(({ folders }) => folders),
    isCut: (next === '{app}' && names.length > MOST_APPS) || below.some(({ isCut }) => isCut),
  };
}

function tooManyApps(pattern: string, found: readonly string[]): UnclearLayout {
  const lines = ['overlays:', ...found.map((each) => `  - "${each}"`)].join('\n');
  return new UnclearLayout(
    `"${pattern}" has "*" below more than ${MOST_APPS} apps, which are not all looked into. Name the folders instead of it in ` +
      `"overlays" of ostack.yaml, as far as these lines say it, and add what is missing:\n\n${lines}\n`,
  );
}
