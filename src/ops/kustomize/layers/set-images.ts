import { imagePattern } from '../image-pattern.js';
import { type LayerNode, type LayerText, layerText, nodeAt, type Place } from './layer-node.js';
import type { LayerObject } from './layer-object.js';

/** An image in parts, as kustomize splits it. */
export interface ImageParts {
  name: string;
  /** Empty for none. */
  tag: string;
  /** `sha256:…`; empty for none. */
  digest: string;
}

/** An entry of `images` as kustomize reads it. Parts that it does not set are empty. */
export interface ImageSetter {
  name: string;
  newName: string;
  newTag: string;
  digest: string;
  place: Place;
}

/** The entry that a map of a kustomization is; `undefined` where it cannot be told what it does. */
export function imageSetter(entry: LayerNode, place: Place): ImageSetter | undefined {
  const [name, newName, newTag, digest] = ['name', 'newName', 'newTag', 'digest'].map((key) => layerText(entry, key));
  const isClear = layerText(entry, 'tagSuffix') === '' && imagePattern(name ?? '') !== undefined;
  return isClear
    ? { name: name ?? '', newName: newName ?? '', newTag: newTag ?? '', digest: digest ?? '', place }
    : undefined;
}

/**
 * Sets images of containers as an entry of `images` does, in place: by the name that they have at that point, wherever
 * `containers` or `initContainers` are in an object.
 *
 * @returns whether there is one of that name
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 */
export function setImages(objects: readonly LayerObject[], setter: ImageSetter): boolean {
  const pattern = imagePattern(setter.name);
  let isThere = false;
  for (const object of objects) {
    for (const { image } of containersIn(object)) {
      if (pattern?.test(image.text)) {
        isThere = true;
        setImage(image, setter);
      }
    }
  }
  return isThere;
}

function setImage(image: LayerText, { newName, newTag, digest, place }: ImageSetter): void {
  const before = splitImage(image.text);
  const isSet = newTag !== '' || digest !== '';
  const parts = isSet ? { tag: newTag, digest } : before;
  const text = joinImage({ ...parts, name: newName === '' ? before.name : newName });
  if (text !== image.text || isSet) {
    image.past = [...(image.past ?? []), image.text];
    image.text = text;
    image.place = isSet ? place : image.place;
    if (isSet) {
      delete image.doubt;
    }
  }
}

/** A container, wherever it is in an object. */
export interface ContainerNode {
  name: string;
  image: LayerText;
}

/** The containers of an object that have an image. */
export function containersIn({ kind, root }: LayerObject): ContainerNode[] {
  return kind === 'CustomResourceDefinition' ? [] : containersAt('', root);
}

function containersAt(key: string, node: LayerNode): ContainerNode[] {
  if (node.kind === 'map') {
    return [...node.entries].flatMap(([inner, value]) => containersAt(inner, value));
  }
  if (node.kind === 'text') {
    return [];
  }
  const isContainers = key === 'containers' || key === 'initContainers';
  return node.items.flatMap((item) => {
    const image = isContainers ? nodeAt(item, 'image') : undefined;
    const own = image?.kind === 'text' && image.text !== '' ? [{ name: layerText(item, 'name'), image }] : [];
    return [...own, ...containersAt('', item)];
  });
}

/** Splits an image as kustomize does: by the first `:` and `@` behind the first slash. */
export function splitImage(text: string): ImageParts {
  const slash = Math.max(text.indexOf('/'), 0);
  const at = text.indexOf('@', slash);
  const colon = text.indexOf(':', slash);
  const isTagged = colon >= 0 && (at < 0 || colon < at);
  const end = isTagged ? colon : at < 0 ? text.length : at;
  return {
    name: text.slice(0, end),
    tag: isTagged ? text.slice(colon + 1, at < 0 ? text.length : at) : '',
    digest: at < 0 ? '' : text.slice(at + 1),
  };
}

function joinImage({ name, tag, digest }: ImageParts): string {
  return `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
}
