import { overlayProblem } from '../policy/policy.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { Entry, TreeReader } from '../tree/tree-reader.js';

/** The layout that oStack's own repositories have. */
const OSTACK = 'overlays/{environment}/{app}';

/**
 * Where overlays are: folders with `{environment}` and, where every app has a folder of its own, `{app}`. One template
 * in the oStack layout (`overlays/{environment}/{app}`), one per group in the groups layout
 * (`<group>/overlays/{environment}`, one kustomization for all apps of the group).
 */
export interface Layout {
  templates: string[];
}

/**
 * Tells the layout from the tree, unless the policy's `overlay` says it: a root folder `overlays` is the oStack layout,
 * else every root folder with a folder `overlays` in it is a group. Lists the root and, for groups, the root's folders;
 * never a folder that grows with the number of apps.
 *
 * @throws Error when the template is none or the tree has neither layout, saying what was expected
 */
export async function detectLayout(tree: TreeReader, overlay: string | undefined): Promise<Layout> {
  if (overlay !== undefined) {
    const problem = overlayProblem(overlay);
    if (problem !== undefined) {
      throw new Error(`The policy's "overlay": ${problem}`);
    }
    return { templates: [overlay] };
  }
  const root = folderNames(await tree.list(''));
  if (root.includes('overlays')) {
    return { templates: [OSTACK] };
  }
  const inside = await Promise.all(root.map(async (name) => ({ name, folders: folderNames(await tree.list(name)) })));
  const groups = inside.filter((folder) => folder.folders.includes('overlays'));
  if (groups.length === 0) {
    throw new Error(
      'No overlays found: expected overlays/<environment>/<app>/ or <group>/overlays/<environment>/, found at the top ' +
        `${root.length === 0 ? 'no folder' : root.join(', ')}. Add the overlays, or say where they are with "overlay" in ostack.yaml.`,
    );
  }
  return { templates: groups.map((group) => `${group.name}/overlays/{environment}`) };
}

/** `apps/base`, where `apps/overlays/{environment}` takes its apps from. */
export function baseOfGroup(template: string): string {
  return `${template.split('/overlays/')[0] ?? ''}/base`;
}

/** Whether an app has folders of its own in this template. */
export function isPerApp(template: string): boolean {
  return template.includes('{app}');
}

/**
 * The folder of an app's overlay in an environment.
 *
 * @throws Error when a name is not fit for a path, so that no name leads out of the repository
 */
export function overlayFolder(template: string, environment: string, app: string): string {
  for (const [what, name] of Object.entries({ environment, app })) {
    if (!NAME_PATTERN.test(name)) {
      throw new Error(`The ${what} "${name}" cannot be part of a path: expected letters, digits, ".", "_" and "-".`);
    }
  }
  return template.replaceAll('{environment}', environment).replaceAll('{app}', app);
}

/**
 * The environments that the tree has folders for, in alphabetical order. Lists only the folder above them.
 *
 * @param app for a template in which the app comes before the environment; empty for the environments of all apps
 */
export async function environmentsOf(tree: TreeReader, layout: Layout, app: string): Promise<string[]> {
  const found = await Promise.all(
    layout.templates.map(async (template) => {
      const isBelow = template.indexOf('{app}') >= 0 && template.indexOf('{app}') < template.indexOf('{environment}');
      const apps = isBelow && app === '' ? await namesFromFolders(tree, template, '{app}') : [app];
      const names = apps.map((each) => namesFromFolders(tree, template.replaceAll('{app}', each), '{environment}'));
      return (await Promise.all(names)).flat();
    }),
  );
  return [...new Set(found.flat())].sort();
}

/**
 * All environments: those that the policy names, in its order, then those that only have folders. An environment needs no
 * entry in the policy; one without has no rules.
 *
 * @param app as for `environmentsOf`
 */
export async function allEnvironments(
  tree: TreeReader,
  layout: Layout,
  policy: { environments: readonly { name: string }[] },
  app = '',
): Promise<string[]> {
  const declared = policy.environments.map(({ name }) => name);
  return [...new Set([...declared, ...(await environmentsOf(tree, layout, app))])];
}

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
