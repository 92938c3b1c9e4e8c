import { overlayProblem } from '../policy/overlay-template.js';
import type { Policy } from '../policy/policy.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { Layout } from './layout.js';
import { folderNames } from './template-folders.js';

/** The template of the oStack layout. */
const OSTACK = 'overlays/{environment}/{app}';

/**
 * Detects the layout of an ops repository, unless the policy has it. With a folder `overlays` at the root it is the
 * oStack layout; otherwise every folder at the root with a folder `overlays` in it is a group. Lists the root and, for
 * groups, the folders in it, but no folder that grows with the number of apps.
 *
 * @param policy what the operations managers say: the template, and the environments
 * @throws Error where the template is not valid, or the tree has neither layout; it says what was expected
 */
export async function locateOverlays(
  tree: TreeReader,
  { overlay, environments: declared }: Pick<Policy, 'overlay' | 'environments'>,
): Promise<Layout> {
  const environments = declared.length === 0 ? undefined : declared.map(({ name }) => name);
  if (overlay !== undefined) {
    const problem = overlayProblem(overlay);
    if (problem !== undefined) {
      throw new Error(`The policy's "overlay": ${problem}`);
    }
    return { templates: [overlay], environments };
  }
  const root = folderNames(await tree.list(''));
  if (root.includes('overlays')) {
    return { templates: [OSTACK], environments };
  }
  const inside = await Promise.all(root.map(async (name) => ({ name, folders: folderNames(await tree.list(name)) })));
  const groups = inside.filter((folder) => folder.folders.includes('overlays'));
  if (groups.length === 0) {
    throw new Error(
      'No overlays found: expected overlays/<environment>/<app>/ or <group>/overlays/<environment>/, found at the top ' +
        `${root.length === 0 ? 'no folder' : root.join(', ')}. Add the overlays, or say where they are with "overlay" in ostack.yaml.`,
    );
  }
  return { templates: groups.map((group) => `${group.name}/overlays/{environment}`), environments };
}
