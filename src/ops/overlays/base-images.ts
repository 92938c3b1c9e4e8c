import { type ImageReference, parseReference } from '../carriers/image-reference.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { textAt, type YamlValue } from '../yaml/values.js';
import { appBases } from './app-bases.js';
import { appOverlaysOf } from './app-overlay.js';
import type { Layout } from './layout.js';
import { type Manifest, manifestKey, readManifests } from './manifests.js';

/** The images that the bases of an app run, seen from one kustomization of its environment. */
export interface BaseImages {
  /** The environment's own kustomization, which can set their versions. */
  kustomization: OverlayFile;
  /** As the containers name them; each name once. */
  images: ImageReference[];
}

/**
 * Reads the images of an app's bases in this repository, for what the environment itself does not carry. Only images of
 * containers count: kustomize sets no others. An image that the kustomization takes in for another app too is left out,
 * because an entry would set both.
 *
 * @returns one for each overlay of the app; none where a base is in another repository
 * @throws InvalidYaml where one of the files is not valid YAML; what a failed request throws
 */
export async function baseImagesOf(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  app: string,
): Promise<BaseImages[]> {
  const overlays = await appOverlaysOf(tree, layout, environment, app);
  const found = await Promise.all(
    overlays.map(async (overlay): Promise<BaseImages[]> => {
      const { folders, remote } = appBases(overlay, app);
      const [whole, ...bases] = await Promise.all(
        [overlay.folder, ...folders].map((each) => readManifests(tree, each)),
      );
      const read = bases.filter((base) => base !== undefined);
      if (remote.length > 0 || whole === undefined || whole.remote.length > 0 || read.length === 0) {
        return [];
      }
      const own = read.flatMap(({ objects }) => objects);
      const keys = new Set(own.map(manifestKey));
      const others = new Set(
        whole.objects
          .filter((object) => !keys.has(manifestKey(object)))
          .flatMap(imagesOf)
          .map(({ name }) => name),
      );
      const images = new Map(own.flatMap(imagesOf).map((image) => [image.name, image]));
      return [
        { kustomization: overlay.kustomization, images: [...images.values()].filter(({ name }) => !others.has(name)) },
      ];
    }),
  );
  return found.flat();
}

/** The images of an object's containers, wherever they are in it. */
function imagesOf({ spec }: Manifest): ImageReference[] {
  return [...spec].flatMap(([key, value]) => imagesAt(key, value));
}

function imagesAt(key: string, value: YamlValue): ImageReference[] {
  if (value.kind === 'map') {
    return [...value.entries].flatMap(([name, inner]) => imagesAt(name, inner));
  }
  if (value.kind !== 'list') {
    return [];
  }
  const isContainers = key === 'containers' || key === 'initContainers';
  return value.items.flatMap((item) => {
    const image = isContainers && item.kind === 'map' ? parseReference(textAt(item, 'image') ?? '') : undefined;
    return image === undefined ? imagesAt('', item) : [image];
  });
}
