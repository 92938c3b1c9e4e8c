import { isImageOf } from '../carriers/app-of-image.js';
import type { ImageOwner } from '../carriers/overlay-file.js';
import { imageNames } from '../kustomize/image-names.js';
import { layerFile, localPath } from '../kustomize/layers/layer-file.js';
import type { LayerObject } from '../kustomize/layers/layer-object.js';
import type { Layers } from '../kustomize/layers/read-layers.js';
import { layeredImages, type RunningContainer } from '../kustomize/layers/running-containers.js';
import { withoutExtension } from '../kustomize/manifest-path.js';
import { appBases } from './app-bases.js';
import type { AppOverlay } from './app-overlay.js';
import { ownerOf } from './image-owners.js';

/** An overlay with what tells whose the things are that it makes. */
interface OwnedOverlay extends AppOverlay {
  app: string;
  layers: Layers;
  owners: readonly ImageOwner[];
}

/** Something that a kustomization makes: the resource that brings it, and the names that its image or it had. */
export type Made = Pick<RunningContainer, 'via' | 'names'>;

/** An object without a container, such as a HelmRelease, by its own names. */
export function madeObject({ via, ids }: LayerObject): Made {
  return { via, names: ids.map(({ name }) => name) };
}

/**
 * Whether something that a kustomization of several apps makes is this app's: what brings it has the app's name, or is its
 * base. Where nothing has, or the one base is that of several apps, its image tells.
 */
export function ownership(overlay: OwnedOverlay): (from: Made) => boolean {
  const { isOwn, app, kustomization, owners } = overlay;
  if (isOwn) {
    return () => true;
  }
  const { resources } = layerFile(kustomization.path, kustomization.text);
  const references = resources.map(({ text }) => text);
  const isOurs = isNamed(overlay, app);
  if (references.some((text) => segmentsOf(text).includes(app))) {
    return ({ via }) => isOurs(via);
  }
  if (references.some(isOurs)) {
    const isOther = ofOthers(overlay);
    return (from) => isOurs(from.via) && !isOther(from);
  }
  const known = [...references.flatMap(segmentsOf), app];
  return ({ names }) => names.some((name) => ownerOf(name, known, owners) === app);
}

/**
 * Whether something of a base that has no app's name is another app's, by its image. Where no image is called as the app, all of
 * the base is its own; where some are, so is what nobody's name is on, as long as no other app is there.
 */
function ofOthers({ app, kustomization, layers, owners }: OwnedOverlay): (from: Made) => boolean {
  const set = imageNames(kustomization.text, kustomization.path);
  const images = set.length > 0 ? set : layeredImages(layers).containers.flatMap(({ names }) => names.slice(-1));
  const called = images.map((image) => ownerOf(image, [app], owners) ?? image.split('/').at(-1) ?? '');
  const apps = new Set(called.filter((name) => !called.some((other) => other !== name && isImageOf(name, other))));
  if (!apps.has(app) || apps.size === 1) {
    return () => false;
  }
  const owner = ({ names }: Made) => names.flatMap((name) => ownerOf(name, apps, owners) ?? [])[0];
  return (from) => owner(from) !== app;
}

/** A test of references to what is an app's by its name, or is its base. */
export function isNamed(overlay: AppOverlay, app: string): (reference: string) => boolean {
  const bases = new Set(appBases(overlay, app).folders);
  return (reference) =>
    bases.has(localPath(overlay.folder, reference) ?? reference) || segmentsOf(reference).includes(app);
}

/** The segments of a reference's path, a file without its extension. */
export function segmentsOf(reference: string): string[] {
  return withoutExtension(reference.split('?')[0]?.replace(/\/$/, '') ?? '').split('/');
}
