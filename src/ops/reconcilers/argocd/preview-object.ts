import { toYaml } from '../../yaml/to-yaml.js';
import type { PreviewCluster, PreviewSource } from '../reconciler.js';
import { confinementOf, PROJECT } from './confinement.js';
import { repositoryOf } from './preview-root.js';

/**
 * The Argo CD Application of one preview, YAML, with the project of previews or else that of the cluster's other Applications,
 * their destination, and the branch of previews as its revision. Its finalizer removes all that it deployed when it goes.
 *
 * @throws Error where neither an Application of the cluster nor the caller says where the repository is
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications
 */
export function previewApplication(
  { name, folder, labels, annotations }: PreviewSource,
  cluster: PreviewCluster,
): string {
  const { repoURL, conventions } = repositoryOf(cluster);
  return toYaml({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      ...{ name, namespace: conventions.namespace, labels, annotations },
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: {
      project: confinementOf(cluster) === undefined ? conventions.project : PROJECT,
      source: { repoURL, targetRevision: cluster.branch, path: folder },
      destination: { ...conventions.destination, namespace: name },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5 },
      },
    },
  });
}
