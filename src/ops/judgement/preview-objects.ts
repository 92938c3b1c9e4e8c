import { posix } from 'node:path';
import { buildLayers } from '../kustomize/layers/build-layers.js';
import type { Doubt } from '../kustomize/layers/layer-node.js';
import type { LayerObject } from '../kustomize/layers/layer-object.js';
import { readLayers } from '../kustomize/layers/read-layers.js';
import { PREVIEWS_FOLDER } from '../preview-records/paths.js';
import { changedTree } from '../tree/changed-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { toYaml } from '../yaml/to-yaml.js';
import type { AppBase } from './preview-base.js';

/** What a kustomization makes. */
export interface MadeObjects {
  objects: readonly LayerObject[];
  /** What of it is not read: bases in other repositories, charts, what generators make. */
  unread: readonly Doubt[];
}

/**
 * Reads the objects that a base comes to in a preview, before anything adapts them.
 *
 * @throws InvalidYaml; whatever the tree throws
 */
export async function baseObjects(tree: TreeReader, { resources, components, remote }: AppBase): Promise<MadeObjects> {
  // Where a kustomization of it would be; no preview has this name.
  const folder = `${PREVIEWS_FOLDER}/any/app`;
  const fromHere = (path: string) => posix.relative(folder, path);
  const text = toYaml({ resources: resources.map(fromHere), components: components.map(fromHere) });
  const { objects, unread } = await readObjects(tree, folder, text);
  const own = remote.map(({ address, ...place }): Doubt => ({ ...place, what: `the remote ${address}` }));
  return { objects, unread: [...own, ...unread] };
}

/**
 * Reads the objects that a kustomization makes, as kustomize makes them, with what it generates and without what is in other
 * repositories or made by charts.
 *
 * @param folder where the kustomization is or will be
 * @param text the kustomization
 * @throws InvalidYaml; whatever the tree throws
 */
export async function readObjects(tree: TreeReader, folder: string, text: string): Promise<MadeObjects> {
  const files = new Map([[`${folder}/kustomization.yaml`, text]]);
  const layers = await readLayers(changedTree(tree, { files }), folder);
  const { objects, unseen } =
    layers === undefined ? { objects: [], unseen: [] } : buildLayers(layers, { generated: true });
  // Of what is broken, nothing is built at all.
  const unread = unseen.filter(({ isBroken, isOfImages }) => isBroken !== true && isOfImages !== true);
  return { objects, unread };
}
