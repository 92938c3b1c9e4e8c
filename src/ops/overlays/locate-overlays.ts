import type { Policy } from '../policy/policy.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { expandAnyName } from './any-name.js';
import type { Layout } from './layout.js';
import { folderNames } from './template-folders.js';

/** The template of the oStack layout. */
const OSTACK = 'overlays/{environment}/{app}';

/**
 * Says where the overlays of an ops repository are: where the policy says, or else as the tree shows. With a folder
 * `overlays` at the root it is the oStack layout; otherwise every folder at the root with a folder `overlays` in it is a
 * group. Lists the root and, for groups, the folders in it, but no folder that grows with the number of apps.
 *
 * @param policy what the operations managers say
 * @throws Error where nothing is where the policy says, or the tree has neither layout; it says what was expected
 */
export async function locateOverlays(
  tree: TreeReader,
  { overlays, apps, environments: declared }: Pick<Policy, 'overlays' | 'apps' | 'environments'>,
): Promise<Layout> {
  const environments = declared.length === 0 ? undefined : declared.map(({ name }) => name);
  const templates = overlays.length > 0 ? await said(tree, overlays, environments) : await seen(tree);
  return { templates, environments, apps };
}

/** The templates that the policy says. */
async function said(
  tree: TreeReader,
  overlays: readonly string[],
  environments: readonly string[] | undefined,
): Promise<string[]> {
  const found = await Promise.all(overlays.map((pattern) => expandAnyName(tree, pattern, { environments })));
  const templates = [...new Set(found.flat())];
  if (templates.length === 0) {
    throw new Error(`Nothing is where ostack.yaml says that overlays are: ${overlays.join(', ')}. Correct "overlays".`);
  }
  return templates;
}

/** The templates that the tree shows. */
async function seen(tree: TreeReader): Promise<string[]> {
  const root = folderNames(await tree.list(''));
  if (root.includes('overlays')) {
    return [OSTACK];
  }
  const inside = await Promise.all(root.map(async (name) => ({ name, folders: folderNames(await tree.list(name)) })));
  const groups = inside.filter((folder) => folder.folders.includes('overlays'));
  if (groups.length === 0) {
    throw new Error(
      'No overlays found: expected overlays/<environment>/<app>/ or <group>/overlays/<environment>/, found at the top ' +
        `${root.length === 0 ? 'no folder' : root.join(', ')}. Add the overlays, or say where they are with "overlays" in ostack.yaml.`,
    );
  }
  return groups.map((group) => `${group.name}/overlays/{environment}`);
}
