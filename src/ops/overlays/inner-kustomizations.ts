import { isKustomization, type KustomizationFile, readKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { followReferences } from './follow-references.js';
import { folderNames } from './template-folders.js';

/** Folders that are looked into: the clusters of an environment. */
const MOST = 20;

/**
 * The kustomizations in a folder that has none itself, such as those of the clusters of an environment, with what they take in
 * from inside of it.
 *
 * @throws InvalidYaml where one is not valid YAML; what a failed request throws
 */
export async function innerKustomizations(tree: TreeReader, folder: string): Promise<KustomizationFile[]> {
  const inside = folderNames(await tree.list(folder)).slice(0, MOST);
  const found = await Promise.all(inside.map((name) => readKustomization(tree, `${folder}/${name}`)));
  const files = found.filter((file) => file !== undefined);
  const all = await followReferences(tree, folder, files, new Set(files.map(({ path }) => path)), () => true);
  return all.filter(({ path }) => isKustomization(path));
}
