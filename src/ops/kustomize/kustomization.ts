import { posix } from 'node:path';
import type { TreeReader } from '../tree/tree-reader.js';

/** The names kustomize looks for in a folder, the first one found counts. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** Whether a path is that of a kustomization. */
export function isKustomization(path: string): boolean {
  return KUSTOMIZATION_NAMES.some((name) => name === posix.basename(path));
}

/** A kustomization, from the root of its repository. */
export interface KustomizationFile {
  path: string;
  text: string;
}

/** A folder's kustomization, `undefined` where it has none. @param folder from the root; empty for the root itself */
export async function readKustomization(tree: TreeReader, folder: string): Promise<KustomizationFile | undefined> {
  const paths = KUSTOMIZATION_NAMES.map((name) => posix.join(folder, name));
  const texts = await Promise.all(paths.map((path) => tree.read(path)));
  return paths.flatMap((path, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ path, text }];
  })[0];
}
