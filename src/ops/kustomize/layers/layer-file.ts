import { posix } from 'node:path';
import { readValues } from '../../yaml/values.js';
import { OLD_IMAGES } from '../old-images.js';
import { isRemote } from '../remote.js';
import { type LayerMap, type LayerNode, layerItems, layerNode, layerText, nodeAt, type Place } from './layer-node.js';

/** What a kustomization does to the images of containers. */
export interface LayerFile {
  path: string;
  root: LayerMap;
  /** References to folders, files and addresses, as written, in the order in which kustomize takes them in. */
  resources: readonly Reference[];
  components: readonly Reference[];
  /** In the order in which they are applied: before the names and namespaces change, and after that. */
  patches: readonly PatchEntry[];
  latePatches: readonly PatchEntry[];
  images: readonly ImageEntryNode[];
  /** Files or inline texts. */
  transformers: readonly Reference[];
  /** Files that say which fields of which objects transformers write. */
  configurations: readonly Reference[];
  /** Inline ones, or the files that have them. */
  replacements: readonly LayerNode[];
  /** All references but resources to what may say something of containers, as written. */
  included: readonly string[];
}

/** A text of a kustomization: a reference, or what is written inline. */
export interface Reference extends Place {
  text: string;
}

/** A patch with what it is for, if it says that apart. */
export interface PatchEntry extends Place {
  /** The path of its file; `undefined` where it is inline. */
  path: string | undefined;
  inline: string;
  target: LayerNode | undefined;
}

/** An entry of `images` with its place in the list. */
export interface ImageEntryNode extends Place {
  index: number;
  node: LayerNode;
}

/**
 * Reads what a kustomization says of layers and images.
 *
 * @throws InvalidYaml with file and line where it is not valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function layerFile(path: string, text: string): LayerFile {
  const [value] = readValues(text, path);
  const node = value === undefined ? undefined : layerNode(value, { file: path, line: 1 });
  const root: LayerMap = node?.kind === 'map' ? node : { kind: 'map', entries: new Map() };
  const lines = value?.kind === 'map' ? value : undefined;
  const listed = (key: string) => textsOf(root, key);
  const entries = (key: string) => layerItems(root, key).map((item) => patchEntry(item, path));
  const resources = [...listed('resources'), ...listed('bases')];
  const transformers = listed('transformers');
  const configurations = listed('configurations');
  const strategic = listed('patchesStrategicMerge').map(
    (each): PatchEntry => ({
      ...each,
      ...(isInline(each.text) ? inlined(each.text) : { path: each.text, inline: '' }),
      target: undefined,
    }),
  );
  const patches = [...strategic, ...entries('patches')];
  const latePatches = entries('patchesJson6902');
  const replacements = layerItems(root, 'replacements');
  const lists = ['images', OLD_IMAGES].flatMap((key) => lines?.entries.get(key) ?? []);
  const entriesOfImages = lists.flatMap((list) => (list.kind === 'list' ? list.items : []));
  const included = [
    ...[...listed('components'), ...transformers, ...configurations]
      .map((each) => each.text)
      .filter((each) => !isInline(each)),
    ...[...patches, ...latePatches].flatMap((each) => each.path ?? []),
    ...replacements.map((each) => layerText(each, 'path')),
  ];
  return {
    ...{ path, root, resources, components: listed('components'), patches, latePatches, transformers, replacements },
    configurations,
    images: [...layerItems(root, 'images'), ...layerItems(root, OLD_IMAGES)].map((entry, index) => ({
      ...{ file: path, index, node: entry },
      line: entriesOfImages[index]?.line ?? lists[0]?.line ?? 1,
    })),
    included: included.filter((each) => each !== ''),
  };
}

/** The path of a reference from the root of the repository; `undefined` for one that leads elsewhere. */
export function localPath(folder: string, reference: string): string | undefined {
  if (isAddress(reference) || reference.startsWith('/')) {
    return undefined;
  }
  const path = posix.join(folder, reference).replace(/\/$/, '');
  return path === '..' || path.startsWith('../') ? undefined : path === '.' ? '' : path;
}

/** Whether a reference is to another repository or host. */
export function isAddress(reference: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(reference) || isRemote(reference);
}

/** Whether a text of a list is YAML or JSON itself, and no path. */
export function isInline(text: string): boolean {
  return text.includes('\n') || /^\s*[{[]/.test(text) || /^\w+:\s/.test(text);
}

function textsOf(root: LayerMap, key: string): Reference[] {
  return layerItems(root, key).flatMap((item) =>
    item.kind === 'text' && item.text !== '' ? [{ text: item.text, ...item.place }] : [],
  );
}

function inlined(text: string): Pick<PatchEntry, 'path' | 'inline'> {
  return { path: undefined, inline: text };
}

function patchEntry(item: LayerNode, file: string): PatchEntry {
  const at = [nodeAt(item, 'path'), nodeAt(item, 'patch')].find((each) => each !== undefined);
  const place = at?.kind === 'text' ? at.place : { file, line: 1 };
  const path = layerText(item, 'path');
  return {
    ...place,
    path: path === '' ? undefined : path,
    inline: layerText(item, 'patch'),
    target: nodeAt(item, 'target'),
  };
}
