import { isRelease, unrenderedChart } from '../../../judgement/unread-in-previews.js';
import { layerText, nodeAt } from '../../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { type Adaptation, AS_IT_IS } from './adaptation.js';
import { mergingPatch } from './kustomize-patch.js';

/** Fields of a HelmRelease that name a namespace: where the chart's objects go, and where Helm notes the release. */
const NAMESPACES = ['targetNamespace', 'storageNamespace'];

/**
 * Sends what a HelmRelease of Flux deploys to the namespace of the preview, in this cluster, and says that nothing else of its chart is
 * adapted. Other objects stay as they are.
 *
 * @param namespace of the preview
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#target-namespace
 */
export function adaptRelease(app: string, object: LayerObject, namespace: string): Adaptation {
  const { root } = object;
  if (!isRelease(object)) {
    return AS_IT_IS;
  }
  const named = NAMESPACES.filter((key) => !['', namespace].includes(layerText(root, 'spec', key)));
  const fields = {
    ...Object.fromEntries(named.map((key) => [key, namespace])),
    ...(nodeAt(root, 'spec', 'kubeConfig') === undefined ? {} : { kubeConfig: null }),
  };
  return {
    patches: Object.keys(fields).length === 0 ? [] : [mergingPatch(object, { spec: fields })],
    leftOut: [unrenderedChart(app, object)],
    refused: [],
  };
}
