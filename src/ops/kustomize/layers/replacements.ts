import { type LayerNode, layerItems } from './layer-node.js';

/** Fields of an object that hold its containers. */
const AROUND = /^(spec|spec\.template|spec\.template\.spec|spec\.jobTemplate(\.spec(\.template(\.spec)?)?)?)$/;

/**
 * Whether a target of `replacements` may write the image of a container: the image itself, a container, or what is around it.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/replacements/
 */
export function mayWriteImage(target: LayerNode): boolean {
  return layerItems(target, 'fieldPaths').some((item) => {
    const path = item.kind === 'text' ? item.text : '';
    const [, inside] = /(?:^|\.)(?:containers|initContainers)((?:\..*)?)$/.exec(path) ?? [];
    if (inside === undefined) {
      return AROUND.test(path) || /(^|\.)image$/.test(path);
    }
    // `.0`, `.*` or `.[name=web]`, and then a field of it.
    return /^(\.(\d+|\*|\[.*\]))?(\.image)?$/.test(inside);
  });
}
