import { heldBy } from '../carriers/held.js';
import { isPerApp, type Layout } from '../layout.js';
import { readOverlay } from '../overlay.js';
import type { TreeReader } from '../tree-reader.js';

/**
 * The apps that an environment has, in alphabetical order: the folders of its overlays; in the layout of groups those of
 * the bases that its overlay names, and folders of patches that hold a version (an app whose base is elsewhere).
 */
export async function appsOf(tree: TreeReader, layout: Layout, environment: string): Promise<string[]> {
  const found = await Promise.all(
    layout.templates.map((template) =>
      isPerApp(template) ? appFolders(tree, template, environment) : groupApps(tree, template, environment),
    ),
  );
  return [...new Set(found.flat())].sort();
}

async function appFolders(tree: TreeReader, template: string, environment: string): Promise<string[]> {
  const segments = template.replaceAll('{environment}', environment).split('/');
  const at = segments.findIndex((segment) => segment.includes('{app}'));
  const [before = '', after = ''] = (segments[at] ?? '').split('{app}');
  const names = await folders(tree, segments.slice(0, at).join('/'));
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length)
    .map((name) => name.slice(before.length, name.length - after.length));
}

async function groupApps(tree: TreeReader, template: string, environment: string): Promise<string[]> {
  const base = `${template.split('/overlays/')[0] ?? ''}/base`;
  const [pool, own] = await Promise.all([
    folders(tree, base),
    folders(tree, template.replaceAll('{environment}', environment)),
  ]);
  const names = [...new Set([...pool, ...own])];
  const overlays = await Promise.all(
    names.map((name) => readOverlay(tree, { templates: [template] }, environment, name)),
  );
  return names.filter((name, index) => {
    const files = overlays[index]?.files;
    return files !== undefined && (pool.includes(name) || heldBy(files, name).version !== null);
  });
}

async function folders(tree: TreeReader, path: string): Promise<string[]> {
  const entries = (await tree.list(path)) ?? [];
  return entries.filter(({ type, name }) => type === 'folder' && !/^[._]/.test(name)).map(({ name }) => name);
}
