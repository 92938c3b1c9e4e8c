import { overlayProblem } from '../policy/overlay-template.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { folderNames } from './template-folders.js';

/** The template of the oStack layout. */
const OSTACK = 'overlays/{environment}/{app}';

/**
 * Where overlays are in an ops repository. The oStack layout has one template, `overlays/{environment}/{app}`. The
 * groups layout has one for each group, `<group>/overlays/{environment}`, with one kustomization for all apps of the
 * group.
 */
export interface Layout {
  /** Paths of folders with `{environment}` and, where every app has a folder of its own, `{app}`. */
  templates: string[];
}

/**
 * Detects the layout of an ops repository, unless the policy has it. With a folder `overlays` at the root it is the
 * oStack layout; otherwise every folder at the root with a folder `overlays` in it is a group. Lists the root and, for
 * groups, the folders in it, but no folder that grows with the number of apps.
 *
 * @param overlay template from the policy, `undefined` to detect it
 * @throws Error where the template is not valid, or the tree has neither layout; it says what was expected
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

/** The folder of a group's bases: `apps/base` for `apps/overlays/{environment}`. */
export function baseOfGroup(template: string): string {
  return `${template.split('/overlays/')[0] ?? ''}/base`;
}

/** Whether every app has a folder of its own in this template. */
export function isPerApp(template: string): boolean {
  return template.includes('{app}');
}

/**
 * The folder of an app's overlay in an environment.
 *
 * @throws Error where a name cannot be part of a path, so that no name leads out of the repository
 */
export function overlayFolder(template: string, environment: string, app: string): string {
  for (const [what, name] of Object.entries({ environment, app })) {
    if (!NAME_PATTERN.test(name)) {
      throw new Error(`The ${what} "${name}" cannot be part of a path: expected letters, digits, ".", "_" and "-".`);
    }
  }
  return template.replaceAll('{environment}', environment).replaceAll('{app}', app);
}
