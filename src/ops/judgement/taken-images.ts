import { posix } from 'node:path';
import { fullRepository, parseReference } from '../carriers/image-reference.js';
import { type NamedImage, namedImages } from '../carriers/named-images.js';
import { variableReference } from '../carriers/variables.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { readLayers } from '../kustomize/layers/read-layers.js';
import { type LayeredImages, layeredImages, type RunningContainer } from '../kustomize/layers/running-containers.js';
import { textAt } from '../yaml/values.js';
import { imagesOverFolders, isSetOver } from './images-over-folders.js';
import { literalImages } from './literal-images.js';
import { onceEach } from './once-each.js';
import type { Reach } from './reach.js';
import type { SideFiles } from './side-files.js';

/** An image that an environment takes in, with the place that decides about it. */
export interface TakenImage {
  /** Without tag and digest, as written. */
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
  file: string;
  line: number;
  /** What may write another image over it and is not followed, or that something fills it in; `undefined` for nothing. */
  unclear: string | undefined;
}

/** What of the images is looked for: all of them where it is missing. */
export interface TakenExtent {
  /** Files that changed, or that the environment takes in anew. */
  fresh: ReadonlySet<string>;
  /** Folders over which something else is said than before. */
  folders: ReadonlySet<string>;
  /** Files that nothing takes in as far as the files tell, and that may be deployed all the same. */
  further: readonly string[];
}

/**
 * The images of an environment: those that containers run behind all layers of kustomize, and those that any other place names,
 * such as values of charts, objects of reconcilers, programs and templates. With a version or without, of any app or of none.
 *
 * What a kustomization writes over is not among them: what it writes is.
 *
 * @param isOverlay whether a folder is an overlay, which is built by itself whoever else takes it in
 */
export async function takenImages(
  files: SideFiles,
  reach: Reach,
  isOverlay: (folder: string) => boolean,
  extent?: TakenExtent,
): Promise<TakenImage[]> {
  const paths = [...reach.files.keys()].filter((path) => extent === undefined || extent.fresh.has(path));
  const tops = await topKustomizations(files, reach, isOverlay, extent);
  const [built, setters] = await Promise.all([builtFolders(files, tops), imagesOverFolders(files, reach)]);
  const running = built.flatMap(({ folder, layers }) =>
    layers.containers
      .map(runningImage)
      .filter((image) => image !== undefined && !isSetOver(image, setters.get(folder) ?? [])),
  );
  const named = await Promise.all(
    [...paths, ...(extent?.further ?? [])]
      .filter((path) => isDeployable(files, reach, path))
      .map((path) => namedImagesOf(files, reach, path, built)),
  );
  return onceEachImage([...running.filter((each) => each !== undefined), ...named.flat()]);
}

/** By what an image is told from others: a digest decides where there is one. */
export function imageKey({ repository, tag, digest, unclear }: Omit<TakenImage, 'file' | 'line'>): string {
  return JSON.stringify([fullRepository(repository), digest ?? tag ?? '', digest === undefined, unclear ?? '']);
}

/** Why an image is unclear that is written with a variable. */
const FILLED_IN = 'something that fills it in';

function taken(
  file: string,
  { repository, tag, digest, line, isUnread }: Pick<NamedImage, 'repository' | 'tag' | 'digest' | 'line' | 'isUnread'>,
): TakenImage {
  return { repository, tag, digest, file, line, unclear: isUnread === true ? FILLED_IN : undefined };
}

/** Each image once, at the first place that names it. */
export function onceEachImage(images: readonly TakenImage[]): TakenImage[] {
  return [...new Map([...images].reverse().map((each) => [imageKey(each), each])).values()].reverse();
}

const namedOnce = onceEach((path, text) => namedImages(text, path));

function namedIn(path: string, text: string): NamedImage[] {
  try {
    return namedOnce(path, text);
  } catch {
    return []; // A broken file is a problem of its own.
  }
}

/** Documents beside manifests are deployed by nobody, unless something names them or a chart may read them. */
function isDeployable(files: SideFiles, { named }: Reach, path: string): boolean {
  return !/(\.md|(^|\/)LICENSE)$/.test(path) || named.has(path) || files.isInChart(path);
}

/** A folder that is built by itself, and what comes of it. */
interface BuiltFolder {
  folder: string;
  /** Files whose containers are among those that it makes. */
  texts: ReadonlyMap<string, string>;
  layers: LayeredImages;
}

async function namedImagesOf(
  files: SideFiles,
  { roots }: Reach,
  path: string,
  built: readonly BuiltFolder[],
): Promise<TakenImage[]> {
  const text = (await files.text(path)) ?? '';
  const all = namedIn(path, text);
  const own = roots.has(path) && !isKustomization(path) ? [] : built.filter(({ texts }) => texts.has(path));
  const isIdle = (entry: number) =>
    own.some(({ layers }) => layers.idle.some(({ file, index }) => file === path && index === entry));
  // Of what the layers make of containers, and of entries of `images` that set one, the layers tell.
  const isTold = ({ isOfContainer, entry }: NamedImage) =>
    own.length > 0 && (isOfContainer || (entry !== undefined && isKustomization(path) && !isIdle(entry)));
  const literal = literalImages(text, path)
    .map(({ target, line }) => taken(path, { ...target, digest: target.digest, line }))
    .filter((each) => !all.some((other) => imageKey(taken(path, other)) === imageKey(each)));
  return [...all.filter((each) => !isTold(each)).map((each) => taken(path, each)), ...literal];
}

async function builtFolders(files: SideFiles, tops: readonly string[]): Promise<BuiltFolder[]> {
  const tree = { read: (path: string) => files.text(path), list: async () => undefined };
  const all = await Promise.all(
    tops.map(async (path): Promise<BuiltFolder[]> => {
      const folder = folderOf(path);
      try {
        const layers = await readLayers(tree, folder);
        return layers === undefined ? [] : [{ folder, texts: layers.texts, layers: layeredImages(layers) }];
      } catch {
        return []; // A broken file is a problem of its own.
      }
    }),
  );
  return all.flat();
}

/** The kustomizations that are built by themselves and have something fresh in them. */
async function topKustomizations(
  files: SideFiles,
  { files: reached, takers, roots }: Reach,
  isOverlay: (folder: string) => boolean,
  extent: TakenExtent | undefined,
): Promise<string[]> {
  const isTop = (path: string) =>
    isKustomization(path) && (roots.has(path) || !takers.has(path) || isOverlay(folderOf(path)));
  const fresh =
    extent === undefined
      ? reached.keys()
      : [
          ...withTakers(
            takers,
            [...extent.fresh].filter((path) => reached.has(path)),
          ),
          ...[...reached.keys()].filter((path) => extent.folders.has(folderOf(path))),
        ];
  const tops = [...new Set(fresh)].filter(isTop);
  const objects = await Promise.all(tops.map((path) => files.maps(path)));
  // An object of Flux may be in a file that has the name of a kustomization.
  return tops.filter((_, index) => {
    const [object] = objects[index] ?? [];
    return object === undefined || textAt(object, 'apiVersion')?.includes('toolkit.fluxcd.io') !== true;
  });
}

/** Files, and all kustomizations that take them in. */
function withTakers(takers: Reach['takers'], paths: readonly string[]): Set<string> {
  const found = new Set(paths);
  for (const path of found) {
    for (const taker of takers.get(path) ?? []) {
      found.add(taker);
    }
  }
  return found;
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : folder;
}

/** `undefined` for a container without an image of its own. */
function runningImage({ image, decided, doubt }: RunningContainer): TakenImage | undefined {
  if (image === '') {
    return undefined;
  }
  const reference = parseReference(image) ?? variableReference(image);
  const unclear = reference === undefined ? FILLED_IN : doubt?.what;
  const { name: repository = image, tag, digest } = reference ?? {};
  return { repository, tag, digest, file: decided.file, line: decided.line, unclear };
}
