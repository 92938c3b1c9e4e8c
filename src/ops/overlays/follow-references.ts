import { posix } from 'node:path';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isKustomization, readKustomization } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { envReferences, manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import type { TreeReader } from '../tree/tree-reader.js';

/**
 * The files and, level by level, what they include from a folder.
 *
 * @param seen paths that are not read again; grows by what is read
 * @param isIncluded whether a path, relative to the folder, is followed
 * @throws InvalidYaml where a kustomization is not valid YAML
 */
export async function followReferences(
  tree: TreeReader,
  folder: string,
  files: OverlayFile[],
  seen: Set<string>,
  isIncluded: (path: string) => boolean,
): Promise<OverlayFile[]> {
  const kustomizations = files.filter((file) => isKustomization(file.path));
  const fits = (path: string) => isIncluded(path.slice(folder.length + 1)) && !seen.has(path);
  const variables = new Set(kustomizations.flatMap((file) => local(file, folder, envReferences)).filter(fits));
  const paths = kustomizations.flatMap((file) => local(file, folder, manifestReferences)).filter(fits);
  const fresh = [...new Set([...paths, ...variables])];
  for (const path of fresh) {
    seen.add(path);
  }
  if (fresh.length === 0) {
    return files;
  }
  const read = await Promise.all(
    fresh.map((path) => (variables.has(path) ? readFile(tree, path) : readReference(tree, path))),
  );
  const next = read.flat();
  for (const file of next) {
    seen.add(file.path);
  }
  return [...files, ...(await followReferences(tree, folder, next, seen, isIncluded))];
}

/** Paths in the folder that a kustomization includes. */
function local(file: OverlayFile, folder: string, referencesOf: (text: string, file: string) => string[]): string[] {
  return referencesOf(file.text, file.path)
    .filter((reference) => !isRemote(reference) && !reference.startsWith('/'))
    .map((reference) => posix.join(posix.dirname(file.path), reference).replace(/\/$/, ''))
    .filter((path) => path.startsWith(`${folder}/`));
}

/** Reads what a reference is to: a file, or the kustomization of a folder. */
async function readReference(tree: TreeReader, path: string): Promise<OverlayFile[]> {
  if (isManifestPath(path)) {
    return readFile(tree, path);
  }
  const kustomization = await readKustomization(tree, path);
  return kustomization === undefined ? [] : [kustomization];
}

/** A file, in a list; an empty one where there is none. */
export async function readFile(tree: TreeReader, path: string): Promise<OverlayFile[]> {
  const text = await tree.read(path);
  return text === undefined ? [] : [{ path, text }];
}
