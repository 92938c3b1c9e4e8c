import { leftOut } from '../../../judgement/left-out.js';
import { type LayerNode, layerItems, layerText } from '../../../kustomize/layers/layer-node.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { type Adaptation, AS_IT_IS } from './adaptation.js';
import { type JsonPatchOperation, jsonPatch } from './kustomize-patch.js';
import { isRoute } from './route-hosts.js';

/**
 * Has a route of the Gateway API lead to what the preview has: a backend in another namespace, which is that of an environment, is
 * none of it. Other objects stay as they are.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
 */
export function adaptBackends(app: string, object: LayerObject): Adaptation {
  const found = isRoute(object) ? layerItems(object.root, 'spec', 'rules').flatMap(backendsOf) : [];
  const away = found.filter(({ namespace }) => namespace !== '');
  const operations = away.map(
    ({ path }): JsonPatchOperation => ({ op: 'remove', path: `/spec/rules/${path}/namespace` }),
  );
  const namespaces = [...new Set(away.map(({ namespace }) => namespace))].join(', ');
  return away.length === 0
    ? AS_IT_IS
    : {
        patches: [jsonPatch(object, operations)],
        leftOut: [
          leftOut(app, object, 'it leads to what the preview has', `the namespace ${namespaces} of its backends`),
        ],
        refused: [],
      };
}

/** The backends of a rule, and those that its filters copy requests to: their paths from the rules, and their namespaces. */
function backendsOf(rule: LayerNode, index: number): { path: string; namespace: string }[] {
  const own = filtersOf(rule, `${index}`);
  const listed = layerItems(rule, 'backendRefs').flatMap((backend, place) => {
    const path = `${index}/backendRefs/${place}`;
    return [{ path, namespace: layerText(backend, 'namespace') }, ...filtersOf(backend, path)];
  });
  return [...own, ...listed];
}

function filtersOf(node: LayerNode, path: string): { path: string; namespace: string }[] {
  return layerItems(node, 'filters').map((filter, place) => ({
    path: `${path}/filters/${place}/requestMirror/backendRef`,
    namespace: layerText(filter, 'requestMirror', 'backendRef', 'namespace'),
  }));
}
