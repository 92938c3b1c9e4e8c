import { clusterFolder } from '../../../preview-records/paths.js';
import type { Cluster } from '../../../reconcilers/cluster.js';

/**
 * Path of the kustomization that lists the previews of a cluster, for clusters whose own kustomization lists what is
 * applied. It stays when the last preview goes: a list may be empty, but a folder that is listed may not be missing.
 */
export function clusterListFile(host: string): string {
  return `${clusterFolder(host)}/kustomization.yaml`;
}

/** What an operations manager still has to do so that the cluster deploys previews, sentences; empty where it does. */
export function clusterNotices({ folder, listed }: Cluster): string[] {
  const isMissing = listed?.some((reference) => /^(\.\/)?previews\/?$/.test(reference)) === false;
  return isMissing
    ? [`No preview is deployed before ${folder}/kustomization.yaml lists "previews" in its resources.`]
    : [];
}
