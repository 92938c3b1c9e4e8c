import { posix } from 'node:path';
import { appOfImage } from '../carriers/app-of-image.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { imageNames } from '../kustomize/image-names.js';
import { isKustomization, readKustomization } from '../kustomize/kustomization.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { isPerApp, type Layout, overlayFolder } from './layout.js';

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

/**
 * Reads the overlay of an app: its kustomization and what that includes from the folder of the overlay, but no base,
 * because all environments share it. Files are read by their exact paths, level by level. A folder without a
 * kustomization (plain manifests, Helm values for Argo CD) is read whole. Files `values*.yaml` next to a kustomization
 * are read too.
 *
 * @returns `undefined` where the environment does not have the app
 * @throws Error where a kustomization is not valid YAML, or a name cannot be part of a path
 */
export async function readOverlay(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  app: string,
): Promise<Overlay | undefined> {
  const found = await Promise.all(
    layout.templates.map((template) => {
      const folder = overlayFolder(template, environment, app);
      return isPerApp(template) ? readAppFolder(tree, folder) : readSharedFolder(tree, folder, app);
    }),
  );
  const overlays = found.filter((overlay) => overlay !== undefined);
  const [first] = overlays;
  if (first === undefined) {
    return undefined;
  }
  return {
    folder: overlays.length === 1 ? first.folder : overlays.map((overlay) => overlay.folder).join(' and '),
    files: overlays.flatMap((overlay) => overlay.files),
  };
}

async function readAppFolder(tree: TreeReader, folder: string): Promise<Overlay | undefined> {
  const [kustomization, entries] = await Promise.all([readKustomization(tree, folder), tree.list(folder)]);
  const names = (entries ?? []).filter((entry) => entry.type === 'file').map((entry) => entry.name);
  const direct = names.filter((name) =>
    (kustomization === undefined ? /\.(ya?ml|json)$/ : /^values.*\.ya?ml$/).test(name),
  );
  const reading = Promise.all(direct.map((name) => readFile(tree, `${folder}/${name}`)));
  if (kustomization === undefined) {
    const files = await reading;
    return entries === undefined ? undefined : { folder, files: files.flat() };
  }
  const seen = new Set([kustomization.path]);
  const [followed, values] = await Promise.all([follow(tree, folder, [kustomization], seen, () => true), reading]);
  const unseen = values.flat().filter((file) => followed.every((other) => other.path !== file.path));
  return { folder, files: [...followed, ...unseen] };
}

/** Reads the overlay of a group, which is one kustomization for several apps. Only files of this app are followed. */
async function readSharedFolder(tree: TreeReader, folder: string, app: string): Promise<Overlay | undefined> {
  const kustomization = await readKustomization(tree, folder);
  if (kustomization === undefined || !hasApp(kustomization, app)) {
    return undefined;
  }
  const seen = new Set([kustomization.path]);
  const root: OverlayFile = { ...kustomization, shared: true };
  const others = foldersIn(kustomization).filter((name) => name.endsWith(`-${app}`));
  const isOurs = (path: string) => mayConcern(path, app) && !others.some((other) => mayConcern(path, other));
  return { folder, files: await follow(tree, folder, [root], seen, isOurs) };
}

/**
 * Whether a kustomization of several apps has this one: it refers to a folder or file of its name, or sets its image.
 */
function hasApp(kustomization: OverlayFile, app: string): boolean {
  const { path, text } = kustomization;
  const known = [...foldersIn(kustomization), app];
  return (
    manifestReferences(text, path).some((reference) => segmentsOf(reference).includes(app)) ||
    imageNames(text, path).some((image) => appOfImage(image, known) === app)
  );
}

/** The names of all folders in the paths of references. Those of other apps are among them. */
function foldersIn({ path: file, text }: OverlayFile): string[] {
  return manifestReferences(text, file).flatMap((reference) => {
    const [path = ''] = reference.split('?');
    return path.split('/').filter((name) => !/\.(ya?ml|json)$/.test(name));
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
  return path.replace(/\.(ya?ml|json)$/, '').split('/');
}

/** The files and, level by level, what they include from the folder. */
async function follow(
  tree: TreeReader,
  folder: string,
  files: OverlayFile[],
  seen: Set<string>,
  isIncluded: (path: string) => boolean,
): Promise<OverlayFile[]> {
  const paths = files
    .filter((file) => isKustomization(file.path))
    .flatMap((file) => localReferences(file, folder))
    .filter((path) => isIncluded(path.slice(folder.length + 1)) && !seen.has(path));
  const fresh = [...new Set(paths)];
  for (const path of fresh) {
    seen.add(path);
  }
  if (fresh.length === 0) {
    return files;
  }
  const read = await Promise.all(fresh.map((path) => readReference(tree, path)));
  const next = read.flat();
  for (const file of next) {
    seen.add(file.path);
  }
  return [...files, ...(await follow(tree, folder, next, seen, isIncluded))];
}

/** Paths in the folder that a kustomization includes. */
function localReferences(file: OverlayFile, folder: string): string[] {
  return manifestReferences(file.text, file.path)
    .filter((reference) => !isRemote(reference) && !reference.startsWith('/'))
    .map((reference) => posix.join(posix.dirname(file.path), reference).replace(/\/$/, ''))
    .filter((path) => path.startsWith(`${folder}/`));
}

/** Reads what a reference is to: a file, or the kustomization of a folder. */
async function readReference(tree: TreeReader, path: string): Promise<OverlayFile[]> {
  if (/\.(ya?ml|json)$/.test(path)) {
    return readFile(tree, path);
  }
  const kustomization = await readKustomization(tree, path);
  return kustomization === undefined ? [] : [kustomization];
}

async function readFile(tree: TreeReader, path: string): Promise<OverlayFile[]> {
  const text = await tree.read(path);
  return text === undefined ? [] : [{ path, text }];
}
