import { posix } from 'node:path';
import { isImageOf } from '../carriers/app-of-image.js';
import type { ImageOwner, OverlayFile } from '../carriers/overlay-file.js';
import { imageNames } from '../kustomize/image-names.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { appOfReference } from './app-of-reference.js';
import { ownerOf } from './image-owners.js';
import { readManifests } from './manifests.js';

/** Folders whose names say nothing of the apps in them. */
const UNNAMED = new Set(
  'base bases common shared all main default apps kustomize kustomization manifests k8s kubernetes deploy config env'.split(
    ' ',
  ),
);

/**
 * The apps of a kustomization of which nothing in it says the name: neither an entry of `images` nor the name of a folder that
 * it takes in. They are called as the images that they run. Reads what the kustomization takes in, only where there is such
 * an app.
 *
 * @returns none where the kustomization names all that it has
 * @throws InvalidYaml where a file that it takes in is not valid YAML
 */
export async function unnamedApps(
  tree: TreeReader,
  kustomization: OverlayFile,
  owners: readonly ImageOwner[],
): Promise<string[]> {
  const { path, text } = kustomization;
  const references = manifestReferences(text, path);
  const folders = references.filter((reference) => !isManifestPath(reference));
  const named = folders.flatMap((reference) => appOfReference(reference) ?? []).filter((name) => !UNNAMED.has(name));
  const isAllNamed = folders.length > 0 && named.length === folders.length;
  if (references.every(isRemote) || isAllNamed || imageNames(text, path).length > 0) {
    return [];
  }
  const images = (await readManifests(tree, posix.dirname(path)))?.images ?? [];
  const called = images
    .map((image) => ownerOf(image, named, owners) ?? image.split('/').at(-1) ?? '')
    .filter((name) => !named.includes(name));
  const roots = called.filter((name) => !called.some((other) => other !== name && isImageOf(name, other)));
  return [...new Set(roots)].filter((name) => NAME_PATTERN.test(name));
}
