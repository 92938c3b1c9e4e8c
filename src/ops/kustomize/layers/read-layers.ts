import { posix } from 'node:path';
import type { TreeReader } from '../../tree/tree-reader.js';
import { InvalidYaml } from '../../yaml/parse.js';
import { isKustomization, readKustomization } from '../kustomization.js';
import { isManifestPath } from '../manifest-path.js';
import { layerFile, localPath } from './layer-file.js';

/** What a kustomization takes in that says what its containers run: kustomizations, manifests and patches, level by level. */
export interface Layers {
  /** Folder of the outermost kustomization, from the root of the repository. */
  folder: string;
  /** Texts by path. */
  texts: ReadonlyMap<string, string>;
  /** The path of each folder's kustomization. */
  kustomizations: ReadonlyMap<string, string>;
  /** By folder, the resources of its kustomization that count, from the root of the repository; all of those that are missing do. */
  only?: Only | undefined;
}

/** Resources that count, by the folder of the kustomization that takes them in. */
export type Only = ReadonlyMap<string, readonly string[]>;

/** What of the kustomizations is read; all of it by default. */
export interface LayersExtent {
  /** By folder, the resources that count, as paths from the root of the repository. */
  only?: Only | undefined;
  /** Which other files of it are read, by their paths. */
  isRead?: (path: string) => boolean;
}

const MAX_LEVELS = 12;

/**
 * Reads the layers of a folder by exact paths, all of one level together. Files of ConfigMaps and Secrets are not read.
 *
 * @returns `undefined` where the folder has no kustomization
 * @throws InvalidYaml where the outermost kustomization is not valid YAML; what a failed request throws. What is wrong
 *   further down is left out, and told where the layers are built
 */
export async function readLayers(
  tree: TreeReader,
  folder: string,
  extent: LayersExtent = {},
): Promise<Layers | undefined> {
  const { only } = extent;
  const first = await readKustomization(tree, folder);
  if (first === undefined) {
    return undefined;
  }
  const texts = new Map([[first.path, first.text]]);
  const kustomizations = new Map([[folder, first.path]]);
  const seen = new Set([folder]);
  let next = inclusions(first.path, first.text, seen, extent);
  for (let level = 0; next.length > 0 && level < MAX_LEVELS; level++) {
    const found = await Promise.all(next.map((path) => readInclusion(tree, path)));
    next = found.flat().flatMap(({ path, text }) => {
      texts.set(path, text);
      if (!isKustomization(path)) {
        return [];
      }
      kustomizations.set(folderOf(path), path);
      return unlessBroken(() => inclusions(path, text, seen, { only }));
    });
  }
  return { folder, texts, kustomizations, ...(only === undefined ? {} : { only }) };
}

/** The layers as they are with other texts of some files; `undefined` for a file that is gone. */
export function withTexts(
  layers: Layers,
  changed: Iterable<readonly [path: string, text: string | undefined]>,
): Layers {
  const texts = new Map(layers.texts);
  const kustomizations = new Map(layers.kustomizations);
  for (const [path, text] of changed) {
    if (text === undefined) {
      texts.delete(path);
      continue;
    }
    texts.set(path, text);
    if (isKustomization(path) && !kustomizations.has(folderOf(path))) {
      kustomizations.set(folderOf(path), path);
    }
  }
  return { ...layers, texts, kustomizations };
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

/** Paths in the repository that a kustomization takes in and that were not seen before. */
function inclusions(path: string, text: string, seen: Set<string>, extent: LayersExtent = {}): string[] {
  const { resources, included } = layerFile(path, text);
  const { only, isRead = () => true } = extent;
  const local = (references: readonly string[]) => references.flatMap((each) => localPath(folderOf(path), each) ?? []);
  const counting = only?.get(folderOf(path)) ?? local(resources.map((each) => each.text));
  const paths = [...counting, ...local(included).filter(isRead)];
  const fresh = [...new Set(paths)].filter((each) => !seen.has(each));
  for (const each of fresh) {
    seen.add(each);
  }
  return fresh;
}

/** What is at a path: a file, or the kustomization of a folder. What does not look like a file is hardly ever one. */
async function readInclusion(tree: TreeReader, path: string): Promise<{ path: string; text: string }[]> {
  const folder = isManifestPath(path) ? undefined : await readKustomization(tree, path);
  if (folder !== undefined) {
    return [folder];
  }
  const text = path === '' ? undefined : await tree.read(path);
  return text === undefined ? [] : [{ path, text }];
}

function unlessBroken(work: () => string[]): string[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return [];
    }
    throw error;
  }
}
