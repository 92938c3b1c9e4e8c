import { posix } from 'node:path';
import { appOfImage } from '../carriers/app-of-image.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { imageNames } from '../kustomize/image-names.js';
import { isKustomization, readKustomization } from '../kustomize/kustomization.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { isPerApp, type Layout, overlayFolder } from './layout.js';

/** What one environment says of one app. */
export interface Overlay {
  /** For messages: the app's folder, or the environment's where a group has one kustomization for all apps. */
  folder: string;
  /** The files that may carry its version, in the order they were found: kustomizations before what they take in. */
  files: OverlayFile[];
}

/**
 * Reads an app's overlay: its kustomization and what that takes in from inside the overlay, by exact paths and round by
 * round; never a base, which all environments share. An app folder without a kustomization (plain manifests, Helm values
 * for Argo CD) is read whole, and files `values*.yaml` beside a kustomization are read too.
 *
 * @returns `undefined` where the environment does not have the app
 * @throws Error where a kustomization is no valid YAML, or a name is not fit for a path
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
  const beside = names.filter((name) =>
    (kustomization === undefined ? /\.(ya?ml|json)$/ : /^values.*\.ya?ml$/).test(name),
  );
  const reading = Promise.all(beside.map((name) => readFile(tree, `${folder}/${name}`)));
  if (kustomization === undefined) {
    const files = await reading;
    return entries === undefined ? undefined : { folder, files: files.flat() };
  }
  const seen = new Set([kustomization.path]);
  const [followed, values] = await Promise.all([follow(tree, folder, [kustomization], seen, () => true), reading]);
  const unseen = values.flat().filter((file) => followed.every((other) => other.path !== file.path));
  return { folder, files: [...followed, ...unseen] };
}

/** A group's environment: one kustomization for many apps, of which only this app's files are followed. */
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

/** Whether a kustomization of many apps has this one: it refers to a folder or file of its name, or sets its image. */
function hasApp(kustomization: OverlayFile, app: string): boolean {
  const { path, text } = kustomization;
  const known = [...foldersIn(kustomization), app];
  return (
    manifestReferences(text, path).some((reference) => segmentsOf(reference).includes(app)) ||
    imageNames(text, path).some((image) => appOfImage(image, known) === app)
  );
}

/** The folders on the way of references: other apps are among them. */
function foldersIn({ path, text }: OverlayFile): string[] {
  return manifestReferences(text, path).flatMap((reference) => {
    const [way = ''] = reference.split('?');
    return way.split('/').filter((name) => !/\.(ya?ml|json)$/.test(name));
  });
}

/** Whether a path inside the overlay may be the app's: in a folder of its name, or a file such as `<app>-version.yaml`. */
function mayConcern(path: string, app: string): boolean {
  const segments = segmentsOf(path);
  const file = segments.at(-1) ?? '';
  return segments.includes(app) || file.startsWith(`${app}-`) || file.endsWith(`-${app}`);
}

/** The names on the way of a reference, the file's without its ending. */
function segmentsOf(reference: string): string[] {
  const [path = ''] = reference.split('?');
  return path.replace(/\.(ya?ml|json)$/, '').split('/');
}

/** The files and, round by round, what they take in from inside the folder. */
async function follow(
  tree: TreeReader,
  folder: string,
  files: OverlayFile[],
  seen: Set<string>,
  wanted: (path: string) => boolean,
): Promise<OverlayFile[]> {
  const paths = files
    .filter((file) => isKustomization(file.path))
    .flatMap((file) => localReferences(file, folder))
    .filter((path) => wanted(path.slice(folder.length + 1)) && !seen.has(path));
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
  return [...files, ...(await follow(tree, folder, next, seen, wanted))];
}

/** Paths inside the folder that a kustomization takes in. */
function localReferences(file: OverlayFile, folder: string): string[] {
  return manifestReferences(file.text, file.path)
    .filter((reference) => !isRemote(reference) && !reference.startsWith('/'))
    .map((reference) => posix.join(posix.dirname(file.path), reference).replace(/\/$/, ''))
    .filter((path) => path.startsWith(`${folder}/`));
}

/** A reference is a file, or a folder with a kustomization of its own. */
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
