import { type MapValue, textAt } from '../../yaml/values.js';
import { hasShape, mapAt, nameOf, namespaceOf } from '../fields.js';
import { KUSTOMIZATION } from './shape.js';

/** The GitRepository that this repository is in a cluster. */
export interface FluxSource {
  name: string;
  namespace: string;
}

/** A reference to the source of the branch of previews, and the namespace of the Kustomizations that have it. */
export interface PreviewsSource {
  source: { kind: 'GitRepository'; name: string; namespace?: string };
  namespace: string;
}

/** What the Flux Operator installs Flux by. */
const FLUX_INSTANCE = { apiGroup: 'fluxcd.controlplane.io', kind: 'FluxInstance' };

/** What `flux bootstrap` makes. */
export const BOOTSTRAP_SOURCE: FluxSource = { name: 'flux-system', namespace: 'flux-system' };

/**
 * The source that most Flux Kustomizations of a cluster refer to, or else the cluster's first GitRepository.
 *
 * @returns `undefined` where there is neither
 */
export function sourceOf(objects: readonly MapValue[]): FluxSource | undefined {
  const referred = objects.filter((object) => hasShape(object, KUSTOMIZATION)).flatMap(referenceOf);
  if (referred.length > 0) {
    const counts = referred.map(({ name }) => referred.filter((other) => other.name === name).length);
    return referred[counts.indexOf(Math.max(...counts))];
  }
  const [repository] = objects.filter((object) => isGitRepository(object) || syncOf(object) !== undefined);
  return repository && sourceAs(repository);
}

/** Where a source takes this repository from. */
export interface FluxOrigin {
  url: string | undefined;
  /** Name of the secret that it reads it with. */
  secret: string | undefined;
  provider: string | undefined;
}

/** Where the source of a name takes this repository from: a GitRepository, or what a FluxInstance says of the one that it makes. */
export function originOfSource(objects: readonly MapValue[], name: string | undefined): FluxOrigin {
  const own = objects.filter((object) => sourceAs(object)?.name === name);
  const repository = own.find(isGitRepository);
  const [sync] = repository === undefined ? own.flatMap((each) => syncOf(each) ?? []) : [];
  const spec = sync ?? (repository && mapAt(repository, 'spec'));
  const secretRef = spec && mapAt(spec, 'secretRef');
  return {
    url: spec && textAt(spec, 'url'),
    secret: sync === undefined ? secretRef && textAt(secretRef, 'name') : textAt(sync, 'pullSecret'),
    provider: spec && textAt(spec, 'provider'),
  };
}

/**
 * What a FluxInstance says of the objects that it takes from git; `undefined` for another object. The operator makes a GitRepository and
 * a Kustomization of that, which are called like the namespace where nothing else is said.
 *
 * @see https://fluxoperator.dev/docs/instance/sync
 */
function syncOf(object: MapValue): MapValue | undefined {
  const sync = hasShape(object, FLUX_INSTANCE) ? mapAt(object, 'spec', 'sync') : undefined;
  return sync !== undefined && textAt(sync, 'kind') === 'GitRepository' ? sync : undefined;
}

/** The git repository that an object is in a cluster, a GitRepository or what a FluxInstance makes one of; `undefined` for others. */
export function gitRepositoryOf(object: MapValue): { name: string; url: string } | undefined {
  const spec = isGitRepository(object) ? mapAt(object, 'spec') : syncOf(object);
  const url = spec && textAt(spec, 'url');
  return url === undefined || url === '' ? undefined : { name: sourceAs(object)?.name ?? '', url };
}

/** The source that the cluster has of a branch, and so of nothing else that is deployed; `undefined` where it has none. */
export function sourceOfBranch(objects: readonly MapValue[], branch: string): FluxSource | undefined {
  const repository = objects.find((object) => {
    const ref = isGitRepository(object) ? mapAt(object, 'spec', 'ref') : undefined;
    return ref !== undefined && textAt(ref, 'branch') === branch;
  });
  return repository && sourceAs(repository);
}

/** The source that a Flux Kustomization refers to, where that is a GitRepository. */
export function referenceOf(object: MapValue): FluxSource[] {
  const reference = mapAt(object, 'spec', 'sourceRef');
  const name = reference && textAt(reference, 'kind') === 'GitRepository' ? textAt(reference, 'name') : undefined;
  const namespace = (reference && textAt(reference, 'namespace')) ?? namespaceOf(object);
  return name === undefined ? [] : [{ name, namespace: namespace ?? BOOTSTRAP_SOURCE.namespace }];
}

/** Whether an object is a GitRepository. */
export function isGitRepository(object: MapValue): boolean {
  return textAt(object, 'kind') === 'GitRepository';
}

function sourceAs(repository: MapValue): FluxSource | undefined {
  const namespace = namespaceOf(repository) ?? BOOTSTRAP_SOURCE.namespace;
  const sync = syncOf(repository);
  const name = sync === undefined ? nameOf(repository) : (textAt(sync, 'name') ?? namespace);
  return name === undefined ? undefined : { name, namespace };
}
