import { editYaml } from '../../yaml/edit.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { type MapValue, textAt } from '../../yaml/values.js';
import { admissionPolicies } from '../admission-policy.js';
import { hasShape, mapAt } from '../fields.js';
import type { PreviewCluster, PreviewRoot } from '../reconciler.js';
import { confinementOf, confiningObjects, ROOT_PROJECT } from './confinement.js';
import { type ApplicationConventions, conventionsOf, DEFAULT_CONVENTIONS } from './conventions.js';
import { APPLICATION } from './shape.js';

/**
 * An Application of the objects of previews on their branch. It has no finalizer: without it, previews stay as they are.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/cluster-bootstrapping/
 */
export const argocdPreviews: PreviewRoot = {
  confinement: confinementOf,
  confinedObject(folder, cluster, bounds) {
    const { repoURL, conventions } = repositoryOf(cluster);
    const project = { path: ['spec', 'project'], value: ROOT_PROJECT };
    const root = editYaml(argocdPreviews.object(folder, cluster), [project], ROOT_PROJECT);
    return [
      root,
      ...confiningObjects(repoURL, conventions, cluster.branch, bounds).map((object) => toYaml(object)),
    ].join('---\n');
  },
  policies: (cluster, bounds) =>
    admissionPolicies(confiningObjects('', conventionsFor(cluster), cluster.branch, bounds)),
  isIn: ({ objects, branch }) => objects.some((object) => isOfBranch(object, branch)),
  object(folder, cluster) {
    const { repoURL, conventions } = repositoryOf(cluster);
    const application = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'ostack-previews', namespace: conventions.namespace },
      spec: {
        project: conventions.project,
        source: { repoURL, targetRevision: cluster.branch, path: folder },
        // Applications are for the cluster that Argo CD itself is in, wherever they deploy to.
        destination: { server: 'https://kubernetes.default.svc', namespace: conventions.namespace },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    };
    return toYaml(application, `Argo CD takes previews from the branch ${cluster.branch}.`);
  },
  namespace: (cluster) => conventionsFor(cluster).namespace,
  moved: (text, file, { branch }) =>
    editYaml(text, [{ path: ['spec', 'source', 'targetRevision'], value: branch }], file),
};

/**
 * Where Argo CD takes this repository from, and what else the cluster's Applications have in common.
 *
 * @throws Error where neither an Application of the cluster nor the caller says where the repository is
 */
export function repositoryOf(cluster: PreviewCluster): { repoURL: string; conventions: ApplicationConventions } {
  const conventions = conventionsFor(cluster);
  const repoURL = conventions.repositoryUrl ?? cluster.repositoryUrl;
  if (repoURL === undefined) {
    throw new Error(
      `Where does Argo CD take this repository from? Expected an Application with spec.source.repoURL in clusters/${cluster.environment}, found none.`,
    );
  }
  return { repoURL, conventions };
}

/** Of the Applications that do not say it of previews; of those that do where there are no others. */
function conventionsFor({ objects, branch }: PreviewCluster): ApplicationConventions {
  const others = objects.filter((object) => !isOfBranch(object, branch));
  return conventionsOf(others) ?? conventionsOf(objects) ?? DEFAULT_CONVENTIONS;
}

function isOfBranch(object: MapValue, branch: string): boolean {
  const source = hasShape(object, APPLICATION) ? mapAt(object, 'spec', 'source') : undefined;
  return source !== undefined && textAt(source, 'targetRevision') === branch;
}
