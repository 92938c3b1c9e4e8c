import { posix } from 'node:path';
import type { ImageOwner } from '../carriers/overlay-file.js';
import { readKustomization } from '../kustomize/kustomization.js';
import { layerFile, localPath, type Reference } from '../kustomize/layers/layer-file.js';
import { type Layers, type LayersExtent, readLayers, withTexts } from '../kustomize/layers/read-layers.js';
import { type LayeredImages, layeredImages, type RunningContainer } from '../kustomize/layers/running-containers.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type AppOverlay, appOverlaysOf } from './app-overlay.js';
import { imageOwners } from './image-owners.js';
import type { Layout } from './layout.js';
import { isOfEnvironmentAbove } from './likely-paths.js';
import { isNamed, ownership, segmentsOf } from './ownership.js';

/** An overlay of an app with all that kustomize builds it from, as far as it says what containers run. */
export interface LayeredOverlay extends AppOverlay {
  app: string;
  layers: Layers;
  /** The same, with the kustomization above that takes this overlay in and may change it; `undefined` for none. */
  outer: Layers | undefined;
  owners: readonly ImageOwner[];
  /** Whether all that a kustomization of several apps takes in was read, and not only what is this app's. */
  isWhole: boolean;
}

/** Resources of a kustomization of several apps that are all read for one of them. */
const MOST_RESOURCES = 40;

/** Texts that some files are to have; `undefined` for a file that is to go. */
export type NewTexts = Iterable<readonly [path: string, text: string | undefined]>;

/**
 * Reads the overlays of an app in an environment with their layers, all of one level together. Of a kustomization of very
 * many apps only what has the app's name is read.
 *
 * @param isWhole whether all is read in any case
 * @returns one for each kustomization that has the app
 * @throws InvalidYaml where a kustomization of the overlay is not valid YAML; what a failed request throws
 */
export async function layeredOverlaysOf(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  app: string,
  isWhole = false,
): Promise<LayeredOverlay[]> {
  const overlays = await appOverlaysOf(tree, layout, environment, app);
  const found = await Promise.all(
    overlays.map(async (overlay): Promise<LayeredOverlay[]> => {
      const extent = isWhole ? {} : extentOf(overlay, app);
      const [layers, outer] = await Promise.all([readLayers(tree, overlay.folder, extent), outerLayers(tree, overlay)]);
      const rest = { app, outer, owners: imageOwners(layout), isWhole: extent.only === undefined };
      return layers === undefined ? [] : [{ ...overlay, ...rest, layers }];
    }),
  );
  return found.flat();
}

/** What is read of a kustomization: of very many apps what has the name of this one, and no files of the others. */
function extentOf(overlay: AppOverlay, app: string): LayersExtent {
  const { isOwn, folder, kustomization } = overlay;
  const { resources } = layerFile(kustomization.path, kustomization.text);
  const own =
    isOwn || resources.length <= MOST_RESOURCES ? [] : resources.filter(({ text }) => isNamed(overlay, app)(text));
  if (own.length === 0) {
    return {};
  }
  const others = new Set(
    resources.flatMap(({ text }) => (own.some((each) => each.text === text) ? [] : segmentsOf(text).slice(-1))),
  );
  const isRead = (path: string) => !segmentsOf(path.slice(folder.length + 1)).some((segment) => others.has(segment));
  return { only: new Map([[folder, own.flatMap(({ text }) => localPath(folder, text) ?? [])]]), isRead };
}

/**
 * The layers from the outermost kustomization above that takes in the app's own folder, by way of those between them: each is
 * one of the environment.
 */
async function outerLayers(tree: TreeReader, { isOwn, folder, template }: AppOverlay): Promise<Layers | undefined> {
  const only = new Map<string, string[]>();
  let taken = folder;
  let inner = template;
  while (isOwn && isOfEnvironmentAbove(inner)) {
    const above = posix.dirname(taken);
    const kustomization = await readKustomization(tree, above);
    const resources = kustomization && layerFile(kustomization.path, kustomization.text).resources;
    if (resources === undefined || !isTakenIn(resources, above, taken)) {
      break;
    }
    only.set(above, [taken]);
    taken = above;
    inner = posix.dirname(inner);
  }
  return taken === folder ? undefined : readLayers(tree, taken, { only });
}

function isTakenIn(resources: readonly Reference[], above: string, folder: string): boolean {
  return resources.some(({ text }) => localPath(above, text) === folder);
}

/** What an overlay's containers run, and whose they are. */
export interface OverlayImages extends LayeredImages {
  /** The containers that are this app's. */
  own: readonly RunningContainer[];
}

/** What the containers of an overlay run in the end. Pure. */
export function imagesOfOverlay(overlay: LayeredOverlay, texts: NewTexts = []): OverlayImages {
  return ownImages(overlay, overlay.outer ?? overlay.layers, [...texts]);
}

/** What they run where nothing but the overlay's own kustomization and what it takes in is asked. Pure. */
export function imagesInOverlay(overlay: LayeredOverlay, texts: NewTexts = []): OverlayImages {
  return ownImages(overlay, overlay.layers, [...texts]);
}

function ownImages(overlay: LayeredOverlay, layers: Layers, texts: readonly (readonly [string, string | undefined])[]) {
  const images = layeredImages(texts.length === 0 ? layers : withTexts(layers, texts));
  const isOurs = ownership(overlay);
  return { ...images, own: images.containers.filter(isOurs) };
}
