import type { ObjectShape } from '../object-shape.js';

/**
 * A Flux Kustomization.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export const KUSTOMIZATION: ObjectShape = {
  apiGroup: 'kustomize.toolkit.fluxcd.io',
  kind: 'Kustomization',
  pathField: ['spec', 'path'],
  namespaceField: ['spec', 'targetNamespace'],
};

/**
 * A Helm release.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export const HELM_RELEASE: Pick<ObjectShape, 'apiGroup' | 'kind'> = {
  apiGroup: 'helm.toolkit.fluxcd.io',
  kind: 'HelmRelease',
};
