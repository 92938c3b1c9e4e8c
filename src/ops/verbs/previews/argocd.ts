import { previewFolder } from '../../preview-records/paths.js';
import type { PreviewRecord } from '../../preview-records/record.js';
import { toYaml } from '../../yaml/to-yaml.js';
import type { Cluster } from './cluster.js';
import { annotationsOf, labelsOf } from './manifests/namespace.js';
import { PreviewProblem } from './manifests/problem.js';

/**
 * The Argo CD Application of one preview, in the manner of the host's other Applications. Its finalizer takes all that
 * it deployed away when it goes.
 *
 * @param repoURL address of the ops repository, where no Application of the host tells it
 * @throws PreviewProblem where neither does
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#applications
 */
export function argocdApplication(record: PreviewRecord, { application, host }: Cluster, repoURL?: string): string {
  const address = application.repoURL ?? repoURL;
  if (address === undefined) {
    throw new PreviewProblem(
      `Where does Argo CD take this repository from? Expected an Application with spec.source.repoURL in clusters/${host}, found none.`,
    );
  }
  return toYaml({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name: record.name,
      namespace: application.namespace,
      labels: labelsOf(record),
      annotations: annotationsOf(record),
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: {
      project: application.project,
      source: { repoURL: address, targetRevision: application.targetRevision, path: previewFolder(record.name) },
      destination: { ...application.destination, namespace: record.name },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5 },
      },
    },
  });
}
