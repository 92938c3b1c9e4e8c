import { overlayProblem } from '../policy/overlay-template.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { folderNames } from './template-folders.js';

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
