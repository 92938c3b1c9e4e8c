import { deployedIn } from '../carriers/deployed.js';
import type { ImageOwner, OverlayFile } from '../carriers/overlay-file.js';
import { imageNames } from '../kustomize/image-names.js';
import { readKustomization } from '../kustomize/kustomization.js';
import { isManifestPath, withoutExtension } from '../kustomize/manifest-path.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { followReferences, readFile } from './follow-references.js';
import { ownerOf } from './image-owners.js';
import { unnamedApps } from './unnamed-apps.js';

/** The files of an app in an environment. */
export interface Overlay {
  /** For messages: the folder of the app, or of the environment where a group has one kustomization for all apps. */
  folder: string;
  /**
   * The files that may carry its version, in the order in which they are found: a kustomization before what it
   * includes.
   */
  files: OverlayFile[];
}

/** What several apps of an environment share, and which of them is meant. */
export interface SharedPlace {
  /** The folder of the kustomization, or the file. */
  folder: string;
  app: string;
  environment: string;
  owners: readonly ImageOwner[];
}

/**
 * Reads the overlay of a group, which is one kustomization for several apps. Only files of this app are followed.
 *
 * @returns `undefined` where it does not have the app
 * @throws InvalidYaml where a kustomization is not valid YAML
 */
export async function readSharedFolder(
  tree: TreeReader,
  { folder, app, environment, owners }: SharedPlace,
): Promise<Overlay | undefined> {
  const kustomization = await readKustomization(tree, folder);
  if (kustomization === undefined) {
    return undefined;
  }
  const seen = new Set([kustomization.path]);
  const root: OverlayFile = { ...kustomization, shared: true, owners };
  if (!hasApp(kustomization, app, owners)) {
    const unnamed = await unnamedApps(tree, kustomization, owners);
    if (!unnamed.includes(app)) {
      return undefined;
    }
    const files = await followReferences(tree, folder, [root], seen, () => true);
    return { folder, files: files.map((file) => ({ ...file, shared: true, owners })) };
  }
  const others = foldersIn(kustomization).filter((name) => name.endsWith(`-${app}`));
  const isOurs = (path: string) => mayConcern(path, app) && !others.some((other) => mayConcern(path, other));
  const files = await followReferences(tree, folder, [root], seen, isOurs);
  return { folder, files: files.map((file): OverlayFile => ({ ...file, environment })) };
}

/** Reads a file that carries the versions of several apps, such as Helm values. It has an app where it has its image. */
export async function readSharedFile(
  tree: TreeReader,
  { folder, app, environment, owners }: SharedPlace,
): Promise<Overlay | undefined> {
  const read = await readFile(tree, folder);
  const files = read.map((file): OverlayFile => ({ ...file, shared: true, owners, environment }));
  const { targets, pinned } = deployedIn(files, app);
  return targets.length + pinned.length === 0 ? undefined : { folder, files };
}

/**
 * Whether a kustomization of several apps has this one: it refers to a folder or file of its name, or sets its image.
 */
function hasApp(kustomization: OverlayFile, app: string, owners: readonly ImageOwner[]): boolean {
  const { path, text } = kustomization;
  const known = [...foldersIn(kustomization), app];
  return (
    manifestReferences(text, path).some((reference) => segmentsOf(reference).includes(app)) ||
    imageNames(text, path).some((image) => ownerOf(image, known, owners) === app)
  );
}

/** The names of all folders in the paths of references. Those of other apps are among them. */
function foldersIn({ path: file, text }: OverlayFile): string[] {
  return manifestReferences(text, file).flatMap((reference) => {
    const [path = ''] = reference.split('?');
    return path.split('/').filter((name) => !isManifestPath(name));
  });
}

/** Whether a path in the overlay may be the app's: in a folder of its name, or a file such as `<app>-version.yaml`. */
function mayConcern(path: string, app: string): boolean {
  const segments = segmentsOf(path);
  const file = segments.at(-1) ?? '';
  return segments.includes(app) || file.startsWith(`${app}-`) || file.endsWith(`-${app}`);
}

/** The segments of a reference's path, a file without its extension. */
function segmentsOf(reference: string): string[] {
  const [path = ''] = reference.split('?');
  return withoutExtension(path).split('/');
}
