import { type MapValue, textAt } from '../../yaml/values.js';
import { hasShape, mapAt, nameOf, namespaceOf } from '../fields.js';
import { KUSTOMIZATION } from './shape.js';

/** The GitRepository that this repository is in a cluster. */
export interface FluxSource {
  name: string;
  namespace: string;
}

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
  const [repository] = objects.filter(isGitRepository);
  return repository && sourceAs(repository);
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
  const name = nameOf(repository);
  return name === undefined ? undefined : { name, namespace: namespaceOf(repository) ?? BOOTSTRAP_SOURCE.namespace };
}
