import { buildLayers } from '../../../kustomize/layers/build-layers.js';
import type { LayerObject } from '../../../kustomize/layers/layer-object.js';
import { readLayers } from '../../../kustomize/layers/read-layers.js';
import { changedTree } from '../../../tree/changed-tree.js';
import type { TreeReader } from '../../../tree/tree-reader.js';

/**
 * Reads the objects that a kustomization makes, as kustomize makes them, with what it generates and without what is in other
 * repositories.
 *
 * @param folder where the kustomization is or will be
 * @param text the kustomization
 * @throws InvalidYaml; whatever the tree throws
 */
export async function readObjects(tree: TreeReader, folder: string, text: string): Promise<readonly LayerObject[]> {
  const files = new Map([[`${folder}/kustomization.yaml`, text]]);
  const layers = await readLayers(changedTree(tree, { files }), folder);
  return layers === undefined ? [] : buildLayers(layers, { generated: true }).objects;
}
