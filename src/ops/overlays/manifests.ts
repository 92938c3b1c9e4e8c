import { posix } from 'node:path';
import { fileNodes } from '../carriers/file-nodes.js';
import { parseReference } from '../carriers/image-reference.js';
import { buildInputs } from '../kustomize/build-inputs.js';
import { imageNames } from '../kustomize/image-names.js';
import { isKustomization, readKustomization } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type MapValue, readValues, textAt, type YamlValue } from '../yaml/values.js';

/** An object of a base, with its patches as far as they replace whole fields of `spec`. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  name: string;
  spec: ReadonlyMap<string, YamlValue>;
}

/** The content of a base. */
export interface Manifests {
  objects: Manifest[];
  /** Names of images as the base has them, without tag and digest. */
  images: string[];
  /** References to other repositories, which are not read. */
  remote: string[];
  /** Whether the folder is a kustomize Component. */
  component: boolean;
  /** Whether it includes a folder that it is in itself. */
  above: boolean;
  /** Paths of all that kustomize opens for it in this repository, from its root. */
  opened: string[];
}

const MAX_DEPTH = 8;

/**
 * Reads the manifests that a kustomization includes from the same repository, folder by folder.
 *
 * A template that is no YAML has none.
 *
 * @returns `undefined` where the folder has no kustomization
 * @throws InvalidYaml where one of its files is not valid YAML
 */
export async function readManifests(tree: TreeReader, folder: string): Promise<Manifests | undefined> {
  const texts = await readTexts(tree, folder, MAX_DEPTH);
  const [own] = texts.filter((each) => posix.dirname(each.path) === folder && isKustomization(each.path));
  if (own === undefined) {
    return undefined;
  }
  const objects = new Map<string, Manifest>();
  const images = new Set<string>();
  for (const { path, text } of texts) {
    if (isKustomization(path)) {
      for (const name of imageNames(text, path)) {
        images.add(name);
      }
    }
    for (const node of fileNodes(text, path)) {
      if (node.value.kind === 'map') {
        addObject(objects, node.value);
        const image = parseReference(textAt(node.value, 'image') ?? '');
        if (image !== undefined) {
          images.add(image.name);
        }
      }
    }
  }
  const remote = texts
    .filter(({ path }) => isKustomization(path))
    .flatMap(({ path, text }) => manifestReferences(text, path).filter(isRemote));
  const [root] = readValues(own.text, own.path);
  const component = root?.kind === 'map' && textAt(root, 'kind') === 'Component';
  const above = manifestReferences(own.text, own.path).some((reference) =>
    folder.startsWith(`${posix.join(folder, reference).replace(/\/$/, '')}/`),
  );
  return { objects: [...objects.values()], images: [...images], remote, component, above, opened: openedBy(texts) };
}

/** The paths of files, and of what kustomizations among them are built from. */
function openedBy(texts: readonly Text[]): string[] {
  const opened = texts.flatMap(({ path, text }) =>
    isKustomization(path)
      ? [
          path,
          ...buildInputs(text, path).flatMap(({ kind, path: at }) => (kind === 'remote' ? [] : [inside(path, at)])),
        ]
      : [path],
  );
  return [...new Set(opened)];
}

function inside(kustomization: string, path: string): string {
  return posix.join(posix.dirname(kustomization), path);
}

/** What tells an object from others of a base. */
function manifestKey({ kind, name }: Pick<Manifest, 'kind' | 'name'>): string {
  return JSON.stringify([kind, name]);
}

/** Adds an object, or applies a patch to an object that is there already. */
function addObject(objects: Map<string, Manifest>, map: MapValue): void {
  const metadata = map.entries.get('metadata');
  const name = metadata?.kind === 'map' ? textAt(metadata, 'name') : undefined;
  const kind = textAt(map, 'kind');
  if (kind === undefined || name === undefined || kind === 'Kustomization' || kind === 'Component') {
    return;
  }
  const key = manifestKey({ kind, name });
  if (textAt(map, '$patch') === 'delete') {
    objects.delete(key);
    return;
  }
  const spec = map.entries.get('spec');
  const before = objects.get(key);
  objects.set(key, {
    apiVersion: textAt(map, 'apiVersion') ?? before?.apiVersion ?? '',
    kind,
    name,
    spec: new Map([...(before?.spec ?? []), ...(spec?.kind === 'map' ? spec.entries : [])]),
  });
}

/** A file of a base. */
interface Text {
  path: string;
  text: string;
}

/** The files of a kustomization: first what it includes and then itself, because its patches apply last. */
async function readTexts(tree: TreeReader, folder: string, depth: number): Promise<Text[]> {
  const kustomization = await readKustomization(tree, folder);
  if (kustomization === undefined || depth === 0) {
    return [];
  }
  const references = manifestReferences(kustomization.text, kustomization.path)
    .filter((reference) => !isRemote(reference) && !reference.startsWith('/'))
    .map((reference) => posix.join(folder, reference).replace(/\/$/, ''))
    .filter((path) => !path.startsWith('..') && path !== folder);
  const included = await Promise.all(
    references.map((path) => (isManifestPath(path) ? readText(tree, path) : readTexts(tree, path, depth - 1))),
  );
  return [...included.flat(), kustomization];
}

async function readText(tree: TreeReader, path: string): Promise<Text[]> {
  const text = await tree.read(path);
  return text === undefined ? [] : [{ path, text }];
}
