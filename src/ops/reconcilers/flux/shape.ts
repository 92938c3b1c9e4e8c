import type { ObjectShape } from '../reconciler.js';

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
