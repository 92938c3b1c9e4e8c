import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { clusterFolder } from '../../../preview-records/paths.js';
import { readCluster } from '../../../reconcilers/cluster.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import { clusterListFile } from '../manifests/cluster-list.js';
import type { PreviewChanges } from './preview-changes.js';

/**
 * Updates the kustomization that lists the previews of a cluster, where the cluster's folder has a kustomization of its
 * own and so applies only what is listed.
 *
 * @throws whatever the tree throws
 */
export async function updateClusterList(
  tree: TreeReader,
  { host, reconciler }: PreviewPolicy,
  changes: PreviewChanges,
): Promise<void> {
  const { listed } = await readCluster(tree, host, reconciler);
  if (!listed) {
    return;
  }
  const names = await changes.namesIn(clusterFolder(host));
  const resources = names.filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  const list = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
  await changes.write(clusterListFile(host), toYaml(list, 'The previews there are. Written by oStack.'));
}
