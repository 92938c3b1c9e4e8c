import { InvalidYaml } from '../../yaml/parse.js';
import { readValues } from '../../yaml/values.js';
import { isManifestPath } from '../manifest-path.js';
import { applyJsonPatch } from './json-patch.js';
import {
  type ImageEntryNode,
  isAddress,
  isInline,
  type LayerFile,
  layerFile,
  localPath,
  type PatchEntry,
  type Reference,
} from './layer-file.js';
import { type Doubt, type LayerNode, layerItems, layerNode, layerText, nodeAt, type Place } from './layer-node.js';
import { currentId, isWorkload, type LayerObject, objectCopy, objectsOf, renamed } from './layer-object.js';
import type { Layers } from './read-layers.js';
import { mayWriteImage } from './replacements.js';
import { isPatchOf, selectorOf } from './select-objects.js';
import { containersIn, imageSetter, setImages } from './set-images.js';
import { mergePatch, withoutRepeats } from './strategic-merge.js';

/** What the layers of a kustomization come to, as far as containers and their images go. */
export interface Built {
  objects: readonly LayerObject[];
  /** Entries of `images` that set no image of any container that is seen. */
  idle: readonly ImageEntryNode[];
  /** What is taken in and not seen: there may be more objects. */
  unseen: readonly Doubt[];
}

/** Transformers that come with kustomize and write nothing that containers run. */
const HARMLESS = new Set(
  'AnnotationsTransformer LabelTransformer NamespaceTransformer PrefixTransformer SuffixTransformer ReplicaCountTransformer'.split(
    ' ',
  ),
);

/** Kinds whose names get no prefix and no suffix. */
const KEEP_NAMES = new Set(['CustomResourceDefinition', 'APIService', 'Namespace']);

/**
 * Builds the objects of a kustomization as kustomize does it, but only as far as images of containers need it. In each
 * kustomization come, in this order: what its resources make, its components (which change what is there), patches, the
 * namespace, names, labels, older JSON patches, `images`, `replacements`, and transformers.
 *
 * What is not followed is told: of a container, as a doubt about its image; of more objects, as unseen.
 *
 * @param options `generated` for the ConfigMaps and Secrets that it generates too, by their names and without a content
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/target/kusttarget.go
 */
export function buildLayers(layers: Layers, { generated = false }: { generated?: boolean } = {}): Built {
  const build = new Build(layers, generated);
  const objects = build.folder(layers.folder, [], []);
  return {
    objects: objects.filter((object) => !isLocal(object)),
    idle: [...build.entries.values()].filter(({ isUsed }) => !isUsed).map(({ entry }) => entry),
    unseen: build.unseen,
  };
}

function isLocal({ root }: LayerObject): boolean {
  return layerText(root, 'metadata', 'annotations', 'config.kubernetes.io/local-config') === 'true';
}

class Build {
  readonly unseen: Doubt[] = [];
  readonly entries = new Map<string, { entry: ImageEntryNode; isUsed: boolean }>();

  constructor(
    readonly layers: Layers,
    readonly isGenerating: boolean,
  ) {}

  /**
   * The objects that a folder's kustomization makes.
   *
   * @param before what a component changes: all that is there before it
   * @param above the folders that take it in
   */
  folder(folder: string, before: readonly LayerObject[], above: readonly string[]): LayerObject[] {
    const file = above.includes(folder) ? undefined : this.#fileOf(folder);
    if (file === undefined) {
      return [...before];
    }
    const inside = [...above, folder];
    const only = this.layers.only?.get(folder);
    const counts = ({ text }: Reference) => only === undefined || only.includes(localPath(folder, text) ?? '');
    const resources = file.resources.filter(counts).flatMap((each) => this.#resource(folder, each, inside));
    this.#generators(file);
    this.#configurations(folder, file);
    let objects = [...before, ...resources, ...(this.isGenerating ? generatedIn(file) : [])];
    for (const component of file.components) {
      const path = localPath(folder, component.text);
      if (path === undefined || !this.layers.kustomizations.has(path)) {
        const broken = isAddress(component.text) ? {} : { isBroken: true as const };
        this.unseen.push({ ...component, ...broken, what: `the component ${component.text}` });
      } else {
        objects = this.folder(path, objects, inside);
      }
    }
    return this.#transform(folder, file, objects);
  }

  #fileOf(folder: string): LayerFile | undefined {
    const path = this.layers.kustomizations.get(folder);
    const text = path === undefined ? undefined : this.layers.texts.get(path);
    if (path === undefined || text === undefined) {
      return undefined;
    }
    return this.#parsed(path, () => layerFile(path, text));
  }

  /** `undefined` for what is no YAML, which is told. */
  #parsed<T>(path: string, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof InvalidYaml)) {
        throw error;
      }
      this.unseen.push({ file: path, line: 1, what: 'what is no valid YAML', isBroken: true });
      return undefined;
    }
  }

  #resource(folder: string, reference: Reference, above: readonly string[]): LayerObject[] {
    const { text } = reference;
    const path = localPath(folder, text);
    if (path !== undefined && this.layers.kustomizations.has(path) && !isManifestPath(path)) {
      return this.folder(path, [], above).map((object) => ({ ...object, via: text }));
    }
    const content = path === undefined ? undefined : this.layers.texts.get(path);
    if (path === undefined || content === undefined) {
      this.unseen.push(
        isAddress(text)
          ? { ...reference, what: `the remote ${text}` }
          : { ...reference, what: `${text}, which is not there`, isBroken: true },
      );
      return [];
    }
    const nodes = this.#documents(content, { file: path, line: 1 });
    return nodes.flatMap((node) => objectsOf(node, path)).map((object) => ({ ...object, via: text }));
  }

  #documents(text: string, place: Place): LayerNode[] {
    const values = this.#parsed(place.file, () => readValues(text, place.file)) ?? [];
    return values.map((value) => layerNode(value, place));
  }

  #generators({ path, root }: LayerFile): void {
    for (const key of ['generators', 'helmCharts', 'helmChartInflationGenerator']) {
      const [first] = layerItems(root, key);
      if (first !== undefined) {
        this.unseen.push({ file: path, line: first.kind === 'text' ? first.place.line : 1, what: `"${key}"` });
      }
    }
  }

  /**
   * Fields that hold images beside those of containers. They come in addition, so that containers are set as ever.
   *
   * @see https://github.com/kubernetes-sigs/kustomize/blob/master/examples/transformerconfigs/images/README.md
   */
  #configurations(folder: string, { configurations }: LayerFile): void {
    for (const each of configurations) {
      const path = localPath(folder, each.text);
      const text = path === undefined ? undefined : this.layers.texts.get(path);
      const documents = path === undefined || text === undefined ? [] : this.#documents(text, { file: path, line: 1 });
      if (text === undefined || documents.some((node) => layerItems(node, 'images').length > 0)) {
        this.unseen.push({ ...each, isOfImages: true, what: `the fields of images in the configuration ${each.text}` });
      }
    }
  }

  #transform(folder: string, file: LayerFile, before: LayerObject[]): LayerObject[] {
    const patched = file.patches.reduce((objects, patch) => this.#patch(folder, objects, patch), before);
    const named = patched.map((object) => rename(labelled(object, file), file));
    const objects = file.latePatches.reduce((result, patch) => this.#patch(folder, result, patch), named);
    for (const entry of file.images) {
      this.#setImages(objects, entry);
    }
    this.#variables(objects, file);
    for (const item of file.replacements) {
      this.#replace(folder, objects, item);
    }
    return file.transformers.reduce((result, each) => this.#transformer(folder, result, each), objects);
  }

  /** What `vars` fill in: kustomize does so in images where `configurations` say it. */
  #variables(objects: readonly LayerObject[], { path, root }: LayerFile): void {
    const [first] = layerItems(root, 'vars');
    if (first === undefined) {
      return;
    }
    const filled = objects.flatMap(containersIn).filter(({ image }) => image.text.includes('$('));
    for (const { image } of filled) {
      image.doubt = { file: path, line: placeOf(first).line, what: '"vars"' };
    }
  }

  #setImages(objects: readonly LayerObject[], entry: ImageEntryNode): void {
    const setter = imageSetter(entry.node, entry);
    const key = `${entry.file}#${entry.index}`;
    if (setter === undefined) {
      doubt(objects, { ...entry, what: 'an entry of "images"' });
      return;
    }
    const isUsed = setImages(objects, setter) || this.entries.get(key)?.isUsed === true;
    this.entries.set(key, { entry, isUsed });
  }

  #patch(folder: string, objects: LayerObject[], patch: PatchEntry): LayerObject[] {
    const path = patch.path === undefined ? undefined : localPath(folder, patch.path);
    const text = patch.path === undefined ? patch.inline : path === undefined ? undefined : this.layers.texts.get(path);
    if (text === undefined) {
      const { file, line, path: reference = '' } = patch;
      this.unseen.push(
        isAddress(reference)
          ? { file, line, what: `the patch ${reference}` }
          : { file, line, what: `the patch ${reference}, which is not there`, isBroken: true },
      );
      return objects;
    }
    const start = text.includes('\n') ? patch.line + 1 : patch.line;
    const nodes = this.#documents(
      text,
      path === undefined ? { file: patch.file, line: start } : { file: path, line: 1 },
    );
    return this.#applyPatch(objects, nodes, patch.target, patch);
  }

  #applyPatch(
    objects: LayerObject[],
    nodes: readonly LayerNode[],
    target: LayerNode | undefined,
    place: Place,
  ): LayerObject[] {
    const isMeant = target === undefined ? undefined : selectorOf(target);
    if (target !== undefined && isMeant === undefined) {
      doubt(objects, { file: place.file, line: place.line, what: 'a patch whose target cannot be told' });
      return objects;
    }
    return nodes.reduce((result: LayerObject[], node) => {
      if (node.kind === 'list') {
        return result.map((object) => (isMeant?.(object) ? jsonPatched(object, node.items, place) : object));
      }
      const [patch] = objectsOf(node, place.file);
      return result.flatMap((object) => {
        const isFor = isMeant?.(object) ?? (patch !== undefined && isPatchOf(patch, object));
        if (!isFor || node.kind !== 'map') {
          return [object];
        }
        const isKnown = isWorkload(object);
        const root = mergePatch(object.root, withoutName(node), isKnown);
        return root === undefined ? [] : [{ ...object, root: isKnown ? withoutRepeats(root) : root }];
      });
    }, objects);
  }

  #replace(folder: string, objects: readonly LayerObject[], item: LayerNode): void {
    const reference = layerText(item, 'path');
    const path = reference === '' ? undefined : localPath(folder, reference);
    const text = path === undefined ? undefined : this.layers.texts.get(path);
    if (reference !== '' && (path === undefined || text === undefined)) {
      doubt(objects, { ...placeOf(item), what: `"replacements" in ${reference}` });
      return;
    }
    const nodes = path === undefined || text === undefined ? [item] : this.#documents(text, { file: path, line: 1 });
    for (const each of nodes.flatMap((node) => (node.kind === 'list' ? node.items : [node]))) {
      for (const target of layerItems(each, 'targets').filter(mayWriteImage)) {
        const isMeant = selectorOf(nodeAt(target, 'select') ?? target) ?? (() => true);
        doubt(objects.filter(isMeant), { ...placeOf(target), what: '"replacements"' });
      }
    }
  }

  #transformer(folder: string, objects: LayerObject[], reference: Reference): LayerObject[] {
    const path = isInline(reference.text) ? undefined : localPath(folder, reference.text);
    if (path !== undefined && this.layers.kustomizations.has(path)) {
      const transformers = this.folder(path, [], [folder]).map(({ root }) => root);
      return transformers.reduce((result, node) => this.#apply(folder, result, node, placeOf(node)), objects);
    }
    const text = isInline(reference.text)
      ? reference.text
      : path === undefined
        ? undefined
        : this.layers.texts.get(path);
    if (text === undefined) {
      doubt(objects, { ...reference, what: `the transformers in ${reference.text}` });
      return objects;
    }
    const place = path === undefined ? { file: reference.file, line: reference.line + 1 } : { file: path, line: 1 };
    return this.#documents(text, place).reduce((result, node) => this.#apply(folder, result, node, place), objects);
  }

  #apply(folder: string, objects: LayerObject[], node: LayerNode, place: Place): LayerObject[] {
    const kind = layerText(node, 'apiVersion') === 'builtin' ? layerText(node, 'kind') : '';
    const entry = nodeAt(node, 'imageTag');
    const setter =
      kind === 'ImageTagTransformer' && entry !== undefined ? imageSetter(entry, placeOf(entry)) : undefined;
    if (setter !== undefined) {
      setImages(objects, setter);
      return objects;
    }
    const inline = layerText(node, 'patch');
    if (kind === 'PatchTransformer' && inline !== '') {
      const patch = { ...placeOf(node), path: undefined, inline, target: nodeAt(node, 'target') };
      return this.#patch(folder, objects, patch);
    }
    if (!HARMLESS.has(kind) && node.kind === 'map') {
      doubt(objects, { ...place, what: `the transformer ${layerText(node, 'kind')}` });
    }
    return objects;
  }
}

/** What `configMapGenerator` and `secretGenerator` make, without the hashes that names get at the end. */
function generatedIn({ path, root }: LayerFile): LayerObject[] {
  const made = (key: string, kind: string) =>
    layerItems(root, key)
      .filter((each) => layerText(each, 'behavior') !== 'merge' && layerText(each, 'behavior') !== 'replace')
      .map((each) => ({ apiVersion: 'v1', kind, metadata: { name: layerText(each, 'name') } }));
  return [...made('configMapGenerator', 'ConfigMap'), ...made('secretGenerator', 'Secret')].flatMap((object) =>
    objectsOf(nodeOf(object, { file: path, line: 1 }), path),
  );
}

/** A plain value as a node. */
function nodeOf(value: unknown, place: Place): LayerNode {
  return typeof value === 'object' && value !== null
    ? { kind: 'map', entries: new Map(Object.entries(value).map(([key, inner]) => [key, nodeOf(inner, place)])) }
    : { kind: 'text', text: String(value), place };
}

function jsonPatched(object: LayerObject, operations: readonly LayerNode[], place: Place): LayerObject {
  const copy = objectCopy(object);
  if (!applyJsonPatch(copy.root, operations)) {
    doubt([copy], { file: place.file, line: place.line, what: 'a patch that does not fit' });
  }
  return copy;
}

/** A patch changes neither the name nor the namespace of what it is applied to, and here nobody asks for its kind. */
function withoutName(patch: LayerNode & { kind: 'map' }): LayerNode & { kind: 'map' } {
  const entries = new Map(patch.entries);
  const metadata = entries.get('metadata');
  if (metadata?.kind === 'map') {
    const inner = [...metadata.entries].filter(([key]) => key !== 'name' && key !== 'namespace');
    entries.set('metadata', { kind: 'map', entries: new Map(inner) });
  }
  return { kind: 'map', entries };
}

function rename(object: LayerObject, { root }: LayerFile): LayerObject {
  const { name, namespace } = currentId(object);
  const [prefix, suffix, space] = ['namePrefix', 'nameSuffix', 'namespace'].map((key) => layerText(root, key));
  const moved = renamed(object, { namespace: space || namespace });
  return KEEP_NAMES.has(object.kind) ? moved : renamed(moved, { name: `${prefix}${name}${suffix}` });
}

/** The object with the labels and annotations that a kustomization gives to all, because patches may select by them. */
function labelled(object: LayerObject, { root }: LayerFile): LayerObject {
  const pairs = [nodeAt(root, 'commonLabels'), ...layerItems(root, 'labels').map((each) => nodeAt(each, 'pairs'))];
  const labels = pairs.flatMap((each) => (each?.kind === 'map' ? [...each.entries] : []));
  const annotations = nodeAt(root, 'commonAnnotations');
  const added = annotations?.kind === 'map' ? [...annotations.entries] : [];
  if (labels.length + added.length === 0) {
    return object;
  }
  const copy = objectCopy(object);
  const metadata = nodeAt(copy.root, 'metadata');
  for (const [key, more] of [
    ['labels', labels],
    ['annotations', added],
  ] as const) {
    const known = nodeAt(metadata, key);
    const entries = new Map([...(known?.kind === 'map' ? known.entries : []), ...more]);
    if (metadata?.kind === 'map' && more.length > 0) {
      metadata.entries.set(key, { kind: 'map', entries });
    }
  }
  return copy;
}

/** Whatever these objects run may be something else. */
function doubt(objects: readonly LayerObject[], about: Doubt): void {
  for (const { image } of objects.flatMap(containersIn)) {
    image.doubt = { file: about.file, line: about.line, what: about.what };
  }
}

/** Where a node is written: the place of the first text in it. */
function placeOf(node: LayerNode): Place {
  if (node.kind === 'text') {
    return node.place;
  }
  const inner = node.kind === 'list' ? node.items : [...node.entries.values()];
  return inner.map(placeOf)[0] ?? { file: '', line: 1 };
}
