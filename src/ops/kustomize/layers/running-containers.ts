import { buildLayers } from './build-layers.js';
import type { ImageEntryNode } from './layer-file.js';
import type { Doubt, Place } from './layer-node.js';
import { currentId, isWorkload, type LayerObject } from './layer-object.js';
import type { Layers } from './read-layers.js';
import { containersIn, splitImage } from './set-images.js';

/** A container of an object that a kustomization makes, with the image that it runs in the end. */
export interface RunningContainer {
  /** Of the object. */
  kind: string;
  /** Of the object, as it is called in the end. */
  object: string;
  /** Of the container; empty for none. */
  name: string;
  /** As written: `ghcr.io/acme/web:1.4.0@sha256:…`. */
  image: string;
  /** The names that its image had, without tag and digest: what entries of `images` go by. The last one is what runs. */
  names: readonly string[];
  /** Where its version is decided. */
  decided: Place;
  /** The file of the object. */
  file: string;
  /** The resource of the outermost kustomization that brings it, as written there; empty for one of a component. */
  via: string;
  /** What may write another image over it, and is not followed. */
  doubt: Doubt | undefined;
}

/** What the containers of a kustomization run, or why it is not known. */
export interface LayeredImages {
  containers: readonly RunningContainer[];
  /** Entries of `images` that set no image of any container that is seen. */
  idle: readonly ImageEntryNode[];
  /** What is taken in and not followed: remote bases, charts, generators, files that are not there. It may have more containers. */
  unseen: readonly Doubt[];
  /** Objects without a container, such as a HelmRelease. */
  others: readonly LayerObject[];
}

/**
 * What each container of a kustomization runs in the end, where that is decided, and what is not known of it. Pure.
 *
 * @param layers what it takes in, level by level
 */
export function layeredImages(layers: Layers): LayeredImages {
  const { objects, idle, unseen } = buildLayers(layers);
  return {
    containers: objects.flatMap(containersOf),
    idle,
    unseen,
    others: objects.filter((object) => !isWorkload(object) && containersIn(object).length === 0),
  };
}

function containersOf(object: LayerObject): RunningContainer[] {
  const { kind, file, via } = object;
  return containersIn(object).map(({ name, image }) => ({
    ...{ kind, name, file, via, object: currentId(object).name },
    image: image.text,
    names: [...(image.past ?? []), image.text].map((text) => splitImage(text).name),
    decided: image.place,
    doubt: image.doubt,
  }));
}
