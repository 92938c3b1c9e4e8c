import { posix } from 'node:path';
import { fileNodes } from '../carriers/file-nodes.js';
import { parseReference } from '../carriers/image-reference.js';
import { imageNames } from '../kustomize/image-names.js';
import { isKustomization, readKustomization } from '../kustomize/kustomization.js';
import { mapsAt } from '../kustomize/list-fields.js';
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

/** An entry of `images` in a kustomization of a base. Kustomize goes by the name as it is at that point. */
export interface ImageEntry {
  name: string;
  newName: string | undefined;
  newTag: string | undefined;
  digest: string | undefined;
}

/** The content of a base. */
export interface Manifests {
  objects: Manifest[];
  /** Names of images as the base has them, without tag and digest. */
  images: string[];
  /** What its kustomizations set of images, in the order in which kustomize does it. */
  entries: ImageEntry[];
  /** The files that are no kustomizations. */
  texts: readonly Text[];
  /** References to other repositories, which are not read. */
  remote: string[];
  /** Whether the folder is a kustomize Component. */
  component: boolean;
  /** Whether it includes a folder that it is in itself. */
  above: boolean;
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
  const entries: ImageEntry[] = [];
  for (const { path, text } of texts) {
    if (isKustomization(path)) {
      for (const name of imageNames(text, path)) {
        images.add(name);
      }
      entries.push(...imageEntries(text, path));
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
  const manifests = texts.filter(({ path }) => !isKustomization(path));
  return { objects: [...objects.values()], images: [...images], entries, texts: manifests, remote, component, above };
}

/** The entries of `images` in a kustomization. */
export function imageEntries(text: string, path: string): ImageEntry[] {
  const [root] = readValues(text, path);
  const items = root?.kind === 'map' ? mapsAt(root, 'images') : [];
  return items.map((item) => {
    const [tag, pinned] = (textAt(item, 'newTag') ?? '').split('@', 2);
    const newName = textAt(item, 'newName') || undefined;
    const whole = newName === undefined ? undefined : parseReference(newName);
    const digest = textAt(item, 'digest') || pinned || undefined;
    const isSet = (tag || digest) !== undefined && (tag || digest) !== '';
    return {
      name: textAt(item, 'name') ?? '',
      newName: whole?.name ?? newName,
      newTag: tag || (isSet ? undefined : whole?.tag),
      digest: digest ?? (isSet ? undefined : whole?.digest),
    };
  });
}

/** What tells an object from others of a base. */
export function manifestKey({ kind, name }: Pick<Manifest, 'kind' | 'name'>): string {
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
