import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { clusterFolder, ROOT_FILE } from '../../../preview-records/paths.js';
import { readCluster } from '../../../reconcilers/cluster.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import type { PreviewChanges } from './preview-changes.js';

/**
 * Keeps one object beside those of previews that is always there: Flux and Argo CD prune nothing for a folder that is empty
 * or gone, so the last preview would stay for ever.
 *
 * @throws whatever the tree throws
 * @see https://github.com/fluxcd/flux2/issues/1192
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/#automatic-pruning-with-allow-empty-v18
 */
export async function keepClusterFolder(
  tree: TreeReader,
  { host, reconciler: name, branch }: PreviewPolicy,
  changes: PreviewChanges,
): Promise<void> {
  const cluster = await readCluster(tree, host, name);
  if (cluster.reconciler === undefined) {
    return;
  }
  const namespace = cluster.reconciler.previews.namespace({ ...cluster, branch, repositoryUrl: undefined });
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ostack-previews', namespace } };
  await changes.write(
    `${clusterFolder(host)}/${ROOT_FILE}`,
    toYaml(object, 'Always here, so that the last preview is removed as all others are. Written by oStack.'),
  );
}
