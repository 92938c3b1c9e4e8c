import { deployedFolder, ROOT_FILE } from '../../../preview-records/paths.js';
import type { Cluster } from '../../../reconcilers/cluster.js';

/**
 * What an operations manager still has to do so that the cluster deploys previews, sentences; empty where it does.
 *
 * @param branch that previews are on
 * @param repository `owner/name` of the ops repository
 */
export function clusterNotices(
  { environment, folder, listed, objects, reconciler }: Cluster,
  branch: string,
  repository = '<owner>/<ops>',
): string[] {
  if (reconciler?.previews.isIn({ objects, branch }) === false) {
    return [
      `No preview is deployed before an object in ${folder} takes the branch ${branch}: ` +
        `npx --yes github:ostack/actions#v1 previews setup --ops ${repository} makes ${deployedFolder(environment)}/${ROOT_FILE}.`,
    ];
  }
  const isMissing = listed?.some((reference) => /^(\.\/)?previews\/?$/.test(reference)) === false;
  return isMissing
    ? [`No preview is deployed before ${folder}/kustomization.yaml lists "previews" in its resources.`]
    : [];
}
