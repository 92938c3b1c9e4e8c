import { editYaml } from '../../yaml/edit.js';
import { toYaml } from '../../yaml/to-yaml.js';
import type { MapValue } from '../../yaml/values.js';
import { admissionPolicies } from '../admission-policy.js';
import { hasShape, nameOf } from '../fields.js';
import type { PreviewCluster, PreviewRoot } from '../reconciler.js';
import { confinementOf, confiningObjects } from './confinement.js';
import { KUSTOMIZATION } from './shape.js';
import { BOOTSTRAP_SOURCE, isGitRepository, originOfSource, referenceOf, sourceOf, sourceOfBranch } from './source.js';

/** Name of the GitRepository and the Kustomization that we make. */
const NAME = 'ostack-previews';

/** A reference to the source of the branch of previews, and the namespace of the Kustomizations that have it. */
export interface PreviewsSource {
  source: { kind: 'GitRepository'; name: string; namespace?: string };
  namespace: string;
}

/** The source that previews are taken from: the one that a cluster has of their branch, or the one that we make. */
export function previewsSource({ objects, branch }: Pick<PreviewCluster, 'objects' | 'branch'>): PreviewsSource {
  const own = sourceOfBranch(objects, branch);
  const { namespace } = sourceOf(objects.filter((object) => !isOfBranch(object, own?.name))) ?? own ?? BOOTSTRAP_SOURCE;
  const elsewhere = own !== undefined && own.namespace !== namespace ? { namespace: own.namespace } : {};
  return { source: { kind: 'GitRepository', name: own?.name ?? NAME, ...elsewhere }, namespace };
}

/**
 * A GitRepository of the branch, and a Flux Kustomization of the objects of previews on it.
 *
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export const fluxPreviews: PreviewRoot = {
  confinement: confinementOf,
  confinedObject(folder, cluster, bounds) {
    const { namespace } = previewsSource(cluster);
    const account = { path: ['spec', 'serviceAccountName'], value: NAME };
    const objects = confiningObjects(namespace, bounds).map((object) => toYaml(object));
    const root = editYaml(fluxPreviews.object(folder, cluster), [{ ...account, document: 1 }], NAME);
    return [root, ...objects].join('---\n');
  },
  policies: (cluster, bounds) => admissionPolicies(confiningObjects(previewsSource(cluster).namespace, bounds)),
  isIn({ objects, branch }) {
    const own = sourceOfBranch(objects, branch);
    const kustomizations = objects.filter((object) => hasShape(object, KUSTOMIZATION)).flatMap(referenceOf);
    return own !== undefined && kustomizations.some(({ name }) => name === own.name);
  },
  object(folder, cluster) {
    const { namespace } = previewsSource(cluster);
    const metadata = { name: NAME, namespace };
    const repository = {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata,
      spec: { interval: '1m', ref: { branch: cluster.branch }, ...originOf(cluster) },
    };
    const kustomization = {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata,
      spec: {
        interval: '10m',
        retryInterval: '1m',
        path: `./${folder}`,
        prune: true,
        sourceRef: { kind: 'GitRepository', name: NAME },
      },
    };
    const what = `Flux takes previews from the branch ${cluster.branch}. Without the Kustomization, all of them go.`;
    return `${toYaml(repository, what)}---\n${toYaml(kustomization)}`;
  },
  namespace: (cluster) => previewsSource(cluster).namespace,
  moved(text, file, cluster) {
    const { source } = previewsSource(cluster);
    const values = Object.entries(source).map(([key, value]) => ({ path: ['spec', 'sourceRef', key], value }));
    return editYaml(text, values, file);
  },
};

/** Whether an object is the GitRepository of this name, or a Kustomization that takes it. */
function isOfBranch(object: MapValue, name: string | undefined): boolean {
  return isGitRepository(object)
    ? name !== undefined && nameOf(object) === name
    : referenceOf(object).some((reference) => reference.name === name);
}

/** Where the cluster's own GitRepository has this repository from, and with which secret. */
function originOf({ objects, environment, repositoryUrl }: PreviewCluster): Record<string, unknown> {
  const { secret, provider, ...origin } = originOfSource(objects, sourceOf(objects)?.name);
  const url = origin.url ?? repositoryUrl;
  if (url === undefined) {
    throw new Error(
      `Where does Flux take this repository from? Expected a GitRepository with spec.url in clusters/${environment}, found none.`,
    );
  }
  return {
    url,
    ...(provider === undefined ? {} : { provider }),
    ...(secret === undefined ? {} : { secretRef: { name: secret } }),
  };
}
