import { toYaml } from '../../yaml/to-yaml.js';
import type { PreviewCluster, PreviewSource } from '../reconciler.js';
import { conventionsOf, DEFAULT_CONVENTIONS } from './conventions.js';

/**
 * The Argo CD Application of one preview, YAML, with project, destination and revision of the cluster's other
 * Applications. Its finalizer removes all that it deployed when it goes.
 *
 * @throws Error where neither an Application of the cluster nor the caller says where the repository is
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications
 */
export function previewApplication(
  { name, folder, labels, annotations }: PreviewSource,
  { environment, objects, repositoryUrl }: PreviewCluster,
): string {
  const conventions = conventionsOf(objects) ?? DEFAULT_CONVENTIONS;
  const repoURL = conventions.repositoryUrl ?? repositoryUrl;
  if (repoURL === undefined) {
    throw new Error(
      `Where does Argo CD take this repository from? Expected an Application with spec.source.repoURL in clusters/${environment}, found none.`,
    );
  }
  return toYaml({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      ...{ name, namespace: conventions.namespace, labels, annotations },
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: {
      project: conventions.project,
      source: { repoURL, targetRevision: conventions.targetRevision, path: folder },
      destination: { ...conventions.destination, namespace: name },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5 },
      },
    },
  });
}
