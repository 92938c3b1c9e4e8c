import type { Carrier } from '../carriers/carrier.js';
import { type Deployed, deployedIn } from '../carriers/deployed.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import { type ImageReference, imageTarget, parseReference, sameRepository } from '../carriers/image-reference.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isArgocdOverride } from '../carriers/overwritten.js';
import { isVariable, variableReference } from '../carriers/variables.js';
import { isKustomization } from '../kustomize/kustomization.js';
import type { ImageEntryNode } from '../kustomize/layers/layer-file.js';
import type { RunningContainer } from '../kustomize/layers/running-containers.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { toYaml } from '../yaml/to-yaml.js';
import { type BuiltObject, builtObjects, withBuilt } from './built-values.js';
import { imagesOfOverlay, type LayeredOverlay, layeredOverlaysOf, type NewTexts } from './layered-overlay.js';
import type { Layout } from './layout.js';
import { madeObject, ownership } from './ownership.js';

/** What the layers of an app's overlay come to. */
export interface EffectiveVersions {
  /** What its containers run in the end, where that is known; those without a version are left out. */
  images: readonly ImageReference[];
  /** Versions of images in objects of its bases that have no containers, such as the values of a HelmRelease. */
  fixed: readonly ImageReference[];
  /** Entries of `images` that set nothing. */
  idle: readonly ImageEntryNode[];
  /** Objects that give values to charts, as all layers make them; none where only some containers count. */
  built: readonly BuiltObject[];
}

/**
 * Reads what an environment deploys of an app: what its containers run in the end, and what else its own files carry.
 *
 * @param files the overlay's
 * @throws InvalidYaml where a kustomization of the overlay is not valid YAML; what a failed request throws
 */
export async function deployedInLayers(
  tree: TreeReader,
  layout: Layout,
  { environment, app }: { environment: string; app: string },
  files: readonly OverlayFile[],
): Promise<Deployed> {
  const overlays = await layeredOverlaysOf(tree, layout, environment, app);
  return deployedWith(
    files,
    app,
    overlays.map((overlay) => effectiveVersions(overlay)),
  );
}

/**
 * What the layers of an overlay come to. Pure.
 *
 * @param texts other texts of some files
 * @param counts which containers count
 */
export function effectiveVersions(
  overlay: LayeredOverlay,
  texts: NewTexts = [],
  counts?: (container: RunningContainer) => boolean,
): EffectiveVersions {
  const { own, containers, others, idle, unseen } = imagesOfOverlay(overlay, texts);
  const isOurs = ownership(overlay);
  const inBases = others.filter(
    (object) => !object.file.startsWith(`${overlay.folder}/`) && isOurs(madeObject(object)),
  );
  const files = [...new Set(inBases.map(({ file }) => file))].map((path) => ({
    path,
    text: overlay.layers.texts.get(path) ?? overlay.outer?.texts.get(path) ?? '',
  }));
  const { targets } = deployedIn(files, overlay.app);
  const fixed = targets.flatMap((target) => {
    const isImage = target.kind === 'image' && !containers.some((each) => isOfRepository(each, target.repository));
    return isImage ? [reference(target.repository, target.tag, target.digest)] : [];
  });
  const images = own
    .filter((container) => counts?.(container) !== false)
    .flatMap((container) => (container.doubt === undefined ? (referenceOf(container) ?? []) : []));
  return {
    images: images.filter(({ tag, digest }) => (tag ?? digest) !== undefined && !isVariable(tag)),
    fixed,
    built: counts === undefined ? builtObjects(others.filter((object) => isOurs(madeObject(object)))) : [],
    // Where nothing at all is seen, nobody can tell.
    idle: unseen.length === 0 && containers.length + others.length > 0 ? idle : [],
  };
}

/** What a container runs; `undefined` for what is no reference. Its tag may be a variable. */
export function referenceOf({ image }: Pick<RunningContainer, 'image'>): ImageReference | undefined {
  return parseReference(image) ?? variableReference(image);
}

/** Whether a container runs an image, or did before entries of `images` gave it another name: a mirror's. */
export function isOfRepository({ names }: Pick<RunningContainer, 'names'>, repository: string): boolean {
  return names.some((name) => sameRepository(name, repository));
}

/**
 * What an environment deploys of an app: what its containers run in the end goes before what its files say, and an entry of
 * `images` that sets nothing says nothing.
 *
 * @param files the overlay's
 * @param versions what its layers come to
 */
export function deployedWith(
  files: readonly OverlayFile[],
  app: string,
  versions: readonly EffectiveVersions[],
): Deployed {
  const idle = versions.flatMap((each) => each.idle);
  const built = versions.flatMap((each) => each.built);
  const saying = withBuilt(files, built).map((file) => withoutIdle(file, idle));
  const fixed = versions.flatMap((each) => each.fixed).filter(({ name }) => !isSet(saying, name));
  const images = versions.flatMap((each) => each.images).filter(({ name }) => !isSetOver(saying, name));
  return deployedIn([...asEntries(images), ...saying, ...asEntries(fixed)], app);
}

/** Whether an object of a reconciler sets an image over all layers. */
function isSetOver(files: readonly OverlayFile[], name: string): boolean {
  return everyCarrier(files, [imageTarget(name, 'any')]).some((carrier) => isOverLayers(files, carrier));
}

/**
 * Whether a carrier is over all that kustomize makes of a folder: in an object of Flux or Argo CD that deploys it, or in a
 * file with which Argo CD overrides that.
 */
export function isOverLayers(files: readonly OverlayFile[], { kind, file }: Carrier): boolean {
  const isEntry = kind === 'argocd-image' || (kind === 'kustomize-image' && !isKustomization(file));
  return isEntry || isArgocdOverride(file) || files.some(({ path, deploys }) => path === file && deploys !== undefined);
}

/**
 * Images as entries that set what is there already, each in a kustomization of its own: of entries in one list, a later one may
 * override another.
 */
function asEntries(images: readonly ImageReference[]): OverlayFile[] {
  return images.map(({ name, tag, digest }, index) => ({
    path: `effective/${index}/kustomization.yaml`,
    text: toYaml({ images: [{ name, newTag: tag, digest }] }),
  }));
}

/** Whether files say a version of an image, by something else than an entry that sets nothing. */
function isSet(files: readonly OverlayFile[], name: string): boolean {
  const isIdle = ({ file, path: [list, index] }: Carrier) =>
    list === 'images' && files.some((each) => each.path === file && each.idle?.some((entry) => entry === index));
  return everyCarrier(files, [imageTarget(name, 'any')]).some(
    (carrier) => carrier.certain && (carrier.current.tag ?? carrier.current.digest) !== undefined && !isIdle(carrier),
  );
}

function withoutIdle(file: OverlayFile, idle: readonly ImageEntryNode[]): OverlayFile {
  const own = isKustomization(file.path) ? idle.filter((entry) => entry.file === file.path) : [];
  return own.length === 0 ? file : { ...file, idle: own.map(({ index }) => index) };
}

function reference(name: string, tag: string | undefined, digest: string | undefined): ImageReference {
  return { name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}
