import type { ImageTarget } from '../carriers/carrier.js';
import { type Deployed, deployedIn } from '../carriers/deployed.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import { type ImageReference, imageTarget, parseReference, sameRepository } from '../carriers/image-reference.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isVariable, variableReference } from '../carriers/variables.js';
import { isKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { toYaml } from '../yaml/to-yaml.js';
import { textAt, type YamlValue } from '../yaml/values.js';
import { appBases } from './app-bases.js';
import { appOverlaysOf } from './app-overlay.js';
import type { Layout } from './layout.js';
import { type ImageEntry, imageEntries, type Manifest, manifestKey, readManifests } from './manifests.js';

/** The images that the bases of an app run, seen from one kustomization of its environment. */
export interface BaseImages {
  /** The environment's own kustomization, which can set their versions. */
  kustomization: OverlayFile;
  /** The template of the layout that led to it. */
  template: string;
  /** Of containers, as the environment's kustomization gets them; each name once. A tag may be a variable of Flux. */
  images: ImageReference[];
  /** Those that several containers run with different tags, each of them: an entry of `images` would set them all. */
  mixed: ImageReference[];
  /** Versions that no entry of `images` can set alone: those, and others in objects such as the values of a HelmRelease. */
  fixed: ImageReference[];
}

/** What the bases of an app say of versions. */
export type BaseVersions = Pick<BaseImages, 'images' | 'fixed'>;

/** Of an app without a base in this repository. */
export const NO_BASE: BaseVersions = { images: [], fixed: [] };

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
      const found = read.flatMap(({ objects, entries }) => withEntries(objects.flatMap(imagesOf), entries));
      const images = new Map(found.map((image) => [image.name, image]));
      const isOfContainer = (repository: string) =>
        read.some(({ objects }) => objects.flatMap(imagesOf).some(({ name }) => sameRepository(name, repository)));
      const { targets } = deployedIn(
        read.flatMap(({ texts }) => texts),
        app,
      );
      const fixed = targets.flatMap((target) =>
        target.kind === 'image' && !isOfContainer(target.repository) ? [referenceOf(target)] : [],
      );
      const { kustomization, template } = overlay;
      const mixed = found.filter(({ name, tag }) => found.some((other) => other.name === name && other.tag !== tag));
      const isMixed = (name: string) => mixed.some((image) => image.name === name);
      const settable = [...images.values()].filter(({ name }) => !others.has(name) && !isMixed(name));
      return [{ kustomization, template, images: settable, mixed, fixed: [...fixed, ...mixed] }];
    }),
  );
  return found.flat();
}

/**
 * Those of a base's images that run as the base says, because nothing in an overlay sets their versions.
 *
 * @param files the overlay's
 */
export function leftToBase(images: readonly ImageReference[], files: readonly OverlayFile[]): ImageReference[] {
  const entries = files
    .filter(({ path }) => isKustomization(path))
    .flatMap(({ path, text }) => imageEntries(text, path));
  return withEntries(images, entries).filter(({ name, tag, digest }) => {
    const isSet = everyCarrier(files, [imageTarget(name, 'any')]).some(
      ({ certain, current }) => certain && (current.tag ?? current.digest) !== undefined,
    );
    return (tag ?? digest) !== undefined && !isVariable(tag) && !isSet;
  });
}

/**
 * What an environment deploys of an app: what its own files carry, and the images of its base that they leave to it.
 *
 * @param bases what its bases say
 */
export function deployedWithBase(files: readonly OverlayFile[], app: string, bases: readonly BaseVersions[]): Deployed {
  const left = leftToBase(
    bases.flatMap(({ images, fixed }) => [...images, ...fixed]),
    files,
  );
  const entries = left.map(({ name, tag, digest }) => ({ name, newTag: tag, digest }));
  // As entries that set what the base says already.
  const base = left.length === 0 ? [] : [{ path: 'kustomization.yaml', text: toYaml({ images: entries }) }];
  return deployedIn([...files, ...base], app);
}

/** Images as the `images` of kustomizations make them, one entry after the other. */
function withEntries(images: readonly ImageReference[], entries: readonly ImageEntry[]): ImageReference[] {
  return images.map((image) =>
    entries
      .filter((entry) => (entry.newName ?? entry.newTag ?? entry.digest) !== undefined)
      .reduce((result, entry) => (entry.name === result.name ? setBy(result, entry) : result), image),
  );
}

function setBy({ name, tag, digest }: ImageReference, { newName, newTag, digest: pinned }: ImageEntry): ImageReference {
  const isSet = (newTag ?? pinned) !== undefined;
  // Whatever an entry sets replaces both, as kustomize does it.
  const [nextTag, nextDigest] = isSet ? [newTag, pinned] : [tag, digest];
  return {
    name: newName ?? name,
    ...(nextTag === undefined ? {} : { tag: nextTag }),
    ...(nextDigest === undefined ? {} : { digest: nextDigest }),
  };
}

function referenceOf({ repository, tag, digest }: ImageTarget): ImageReference {
  return {
    name: repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
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
    const image = isContainers && item.kind === 'map' ? imageOf(textAt(item, 'image') ?? '') : undefined;
    return image === undefined ? imagesAt('', item) : [image];
  });
}

function imageOf(text: string): ImageReference | undefined {
  return parseReference(text) ?? variableReference(text);
}
