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
  /** The one resource of the outermost kustomization that counts, from the root of the repository; missing where all do. */
  only?: string;
}

const MAX_LEVELS = 12;

/**
 * Reads the layers of a folder by exact paths, all of one level together. Files of ConfigMaps and Secrets are not read.
 *
 * @param only the one resource of the outermost kustomization that counts, as a path from the root of the repository
 * @returns `undefined` where the folder has no kustomization
 * @throws InvalidYaml where the outermost kustomization is not valid YAML; what a failed request throws. What is wrong
 *   further down is left out, and told where the layers are built
 */
export async function readLayers(tree: TreeReader, folder: string, only?: string): Promise<Layers | undefined> {
  const first = await readKustomization(tree, folder);
  if (first === undefined) {
    return undefined;
  }
  const texts = new Map([[first.path, first.text]]);
  const kustomizations = new Map([[folder, first.path]]);
  const seen = new Set([folder]);
  let next = inclusions(first.path, first.text, seen, only);
  for (let level = 0; next.length > 0 && level < MAX_LEVELS; level++) {
    const found = await Promise.all(next.map((path) => readInclusion(tree, path)));
    next = found.flat().flatMap(({ path, text }) => {
      texts.set(path, text);
      if (!isKustomization(path)) {
        return [];
      }
      kustomizations.set(folderOf(path), path);
      return unlessBroken(() => inclusions(path, text, seen));
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
function inclusions(path: string, text: string, seen: Set<string>, only?: string): string[] {
  const { resources, included } = layerFile(path, text);
  const listed = [...resources.map((each) => each.text), ...included];
  const [taken, others] = [listed, included].map((all) => all.flatMap((each) => localPath(folderOf(path), each) ?? []));
  const paths = only === undefined ? (taken ?? []) : [only, ...(others ?? [])];
  const fresh = [...new Set(paths)].filter((each) => !seen.has(each));
  for (const each of fresh) {
    seen.add(each);
  }
  return fresh;
}

async function readInclusion(tree: TreeReader, path: string): Promise<{ path: string; text: string }[]> {
  const asFile = async () => {
    const text = await tree.read(path);
    return text === undefined ? undefined : { path, text };
  };
  if (isManifestPath(path)) {
    return [await asFile()].flatMap((found) => found ?? []);
  }
  const [folder, file] = await Promise.all([readKustomization(tree, path), asFile()]);
  return [folder ?? file].flatMap((found) => found ?? []);
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
