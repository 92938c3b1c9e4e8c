import { layerText, nodeAt } from '../../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { type Adaptation, AS_IT_IS } from './adaptation.js';
import { mergingPatch } from './kustomize-patch.js';

/** Fields of a HelmRelease that name a namespace: where the chart's objects go, and where Helm notes the release. */
const NAMESPACES = ['targetNamespace', 'storageNamespace'];

/**
 * Sends what a HelmRelease of Flux deploys to the namespace of the preview, in this cluster. Other objects stay as they are.
 *
 * @param namespace of the preview
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#target-namespace
 */
export function adaptRelease(object: LayerObject, namespace: string): Adaptation {
  const { group, kind, root } = object;
  if (group !== 'helm.toolkit.fluxcd.io' || kind !== 'HelmRelease') {
    return AS_IT_IS;
  }
  const named = NAMESPACES.filter((key) => !['', namespace].includes(layerText(root, 'spec', key)));
  const fields = {
    ...Object.fromEntries(named.map((key) => [key, namespace])),
    ...(nodeAt(root, 'spec', 'kubeConfig') === undefined ? {} : { kubeConfig: null }),
  };
  return Object.keys(fields).length === 0
    ? AS_IT_IS
    : { ...AS_IT_IS, patches: [mergingPatch(object, { spec: fields })] };
}
