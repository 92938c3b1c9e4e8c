import { posix } from 'node:path';
import type { TreeReader } from '../tree/tree-reader.js';

/**
 * The file names of a kustomization. The first one that a folder has is taken.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#kustomization
 */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** Whether a file is a kustomization, by its name. */
export function isKustomization(path: string): boolean {
  return KUSTOMIZATION_NAMES.some((name) => name === posix.basename(path));
}

/** A kustomization: its text, and its path from the root of the repository. */
export interface KustomizationFile {
  path: string;
  text: string;
  /** Paths of further ones in its folder: then kustomize builds none of them. Missing for none. */
  beside?: readonly string[];
}

/**
 * Reads the kustomization of a folder.
 *
 * @param folder path from the root of the repository; empty for the root itself
 * @returns `undefined` where the folder has none
 */
export async function readKustomization(tree: TreeReader, folder: string): Promise<KustomizationFile | undefined> {
  const paths = KUSTOMIZATION_NAMES.map((name) => posix.join(folder, name));
  const texts = await Promise.all(paths.map((path) => tree.read(path)));
  const found = paths.flatMap((path, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ path, text }];
  });
  const [first, ...others] = found;
  return first === undefined || others.length === 0 ? first : { ...first, beside: others.map(({ path }) => path) };
}
