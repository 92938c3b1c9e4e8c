import type { LeftOut } from '../../../judgement/left-out.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import type { Patch } from './kustomize-patch.js';

/** What makes an object of an app fit for a preview. */
export interface Adaptation {
  patches: Patch[];
  leftOut: LeftOut[];
  /** Workloads that get no pods at the Pod Security level of previews: `Deployment web of shop`, and what they lack. */
  refused: { workload: string; lacks: string }[];
}

/** An object that stays as it is. */
export const AS_IT_IS: Adaptation = { patches: [], leftOut: [], refused: [] };

/** What becomes of an app's objects one after the other. */
export function together(adaptations: readonly Adaptation[]): Adaptation {
  return {
    patches: adaptations.flatMap(({ patches }) => patches),
    leftOut: adaptations.flatMap((each) => each.leftOut),
    refused: adaptations.flatMap(({ refused }) => refused),
  };
}

/** An object, and whose it is. */
export interface AppObject {
  app: string;
  object: LayerObject;
}
