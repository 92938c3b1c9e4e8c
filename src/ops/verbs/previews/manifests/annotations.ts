import { nodeAt } from '../../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { REACHING_ANNOTATIONS } from '../../../reconcilers/reaching-annotations.js';
import { type Adaptation, AS_IT_IS } from './adaptation.js';
import { jsonPatch } from './kustomize-patch.js';
import { leftOut } from './left-out.js';
import { HOST_ANNOTATIONS } from './route-hosts.js';
import { podPath } from './workloads.js';

const REACHING = new RegExp(REACHING_ANNOTATIONS);

/**
 * Takes from an object, and from its pods, annotations by which a controller does something past the preview's namespace. Those that claim
 * hosts have the preview's, but of pods: each of them would be at that of the app.
 */
export function adaptAnnotations(app: string, object: LayerObject): Adaptation {
  const template = podPath(object).slice(0, -1);
  const places = template.length === 0 ? [[]] : [[], template];
  const found = places.flatMap((path) => reaching(object, path).map((key) => ({ path, key })));
  return found.length === 0
    ? AS_IT_IS
    : {
        patches: [
          jsonPatch(
            object,
            found.map(({ path, key }) => ({
              op: 'remove',
              path: ['', ...path, 'metadata', 'annotations', key.replaceAll('/', '~1')].join('/'),
            })),
          ),
        ],
        leftOut: [...new Set(found.map(({ key }) => key))].map((key) =>
          leftOut(app, object, 'it reaches past the namespace of the preview', `the annotation ${key}`),
        ),
        refused: [],
      };
}

function reaching({ root }: LayerObject, path: readonly string[]): string[] {
  const annotations = nodeAt(root, ...path, 'metadata', 'annotations');
  const isPods = path.length > 0;
  const isReaching = (key: string) => REACHING.test(key) || (isPods && HOST_ANNOTATIONS.includes(key));
  return annotations?.kind === 'map' ? [...annotations.entries.keys()].filter(isReaching) : [];
}
