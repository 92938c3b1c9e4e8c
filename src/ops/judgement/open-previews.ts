import type { Policy } from '../policy/policy.js';
import { previewPolicy } from '../policy/preview-policy.js';
import { deployedFolder, ROOT_FILE } from '../preview-records/paths.js';
import { readCluster } from '../reconcilers/cluster.js';
import type { TreeReader } from '../tree/tree-reader.js';

/**
 * The environment whose cluster takes previews without confining them to their namespaces; `undefined` where there is none.
 *
 * @param tree the ops repository at a commit of the default branch
 * @throws whatever the tree throws
 */
export async function openPreviews(tree: TreeReader, policy: Policy): Promise<string | undefined> {
  const { host, branch, reconciler: name } = previewPolicy(policy);
  const { reconciler, objects } = await readCluster(tree, host, name);
  const isTaken = reconciler?.previews.isIn({ objects, branch }) === true;
  return isTaken && reconciler.previews.confinement({ objects, branch }) === undefined ? host : undefined;
}

/**
 * What that comes to, and the command that mends it.
 *
 * @param repository `owner/name` of the ops repository
 * @param program what runs our commands, where nobody has it at hand
 */
export function openPreviewsText(
  host: string,
  repository: string,
  program = 'npx --yes github:ostack/actions#v1',
): { text: string; mend: string } {
  return {
    text: `The cluster of ${host} is open to whoever opens a pull request, because nothing confines previews to their namespaces.`,
    mend: `${program} previews setup --ops ${repository} prints what does, for ${deployedFolder(host)}/${ROOT_FILE}.`,
  };
}
