import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import { canBeEnvironment } from '../overlays/environment-name.js';
import { objectsIn } from '../reconcilers/objects.js';
import type { FileObject } from '../reconcilers/reconciler.js';
import { readUnlessOdd } from '../tree/read-unless-odd.js';
import { textAt } from '../yaml/values.js';
import type { Sketch } from './sketch.js';

/** A file with objects of reconcilers in it. */
export interface ObjectFile {
  path: string;
  text: string;
  objects: FileObject['object'][];
}

/** What was found of the objects that deploy a repository. */
export interface ObjectFiles {
  files: ObjectFile[];
  /** Folders of which only a part of the files was read. */
  cut: Set<string>;
}

/** Folders at the root that objects of reconcilers are in by custom. */
const HOMES = new Set(
  (
    'clusters cluster profiles fleet flux argocd argo-cd argo argocd-apps apps applications applicationsets appsets ' +
    'bootstrap projects gitops environments envs'
  ).split(' '),
);

/** Those of them that hold apps too, whose own folders are not looked into. */
const SHALLOW = new Set('apps projects environments envs gitops'.split(' '));

/** Folders of the same use inside of others. */
const INNER = new Set('clusters flux argocd argo-cd applications applicationsets bootstrap'.split(' '));

/** Folders that homes often have: asked for at once, not one level after the other. */
const USUAL = 'production prod staging stage development dev test apps applications clusters'.split(' ');

/** How much is looked at, so that the cost stays flat. */
const MOST = { tops: 40, folders: 40, files: 120, filesInFolder: 30, filesAtRoot: 10, depth: 3, looks: 4 };

/**
 * Looks for the objects that tell reconcilers what to deploy, in the folders where they are by custom, three levels deep.
 * Folders and files of one level are one request. Files that are no valid YAML are left out.
 *
 * @param declared the environments that the policy names
 */
export async function findObjectFiles(sketch: Sketch, declared: readonly string[]): Promise<ObjectFiles> {
  const root = sketch.folders('').slice(0, MOST.tops);
  const homes = root.filter((name) => HOMES.has(name));
  const likely = homes.flatMap((home) => [...declared, ...USUAL].map((name) => `${home}/${name}`));
  const found: ObjectFiles = { files: [], cut: new Set() };
  const read = new Set<string>();
  const sources = new Set<string>();
  if (homes.length === 0 && root.every((name) => !canHoldHome(name)) && filesOf(sketch, '').length === 0) {
    return found;
  }
  await Promise.all([
    sketch.look([...root.filter(canHoldHome), ...homes, ...likely]),
    readFiles(sketch, filesOf(sketch, '').slice(0, MOST.filesAtRoot), found, read),
    readFiles(sketch, likely.filter((path) => path.startsWith('clusters/')).map(sourcePath), found, sources),
  ]);
  const inner = root.filter((name) => !HOMES.has(name)).flatMap((top) => below(sketch, top).filter(isInner));
  for (let look = 1; look < MOST.looks; look++) {
    const folders = [...homes, ...inner].flatMap((home) => foldersBelow(sketch, home));
    const unknown = folders.filter((folder) => !sketch.isKnown(folder)).slice(0, MOST.folders);
    const files = folders.flatMap((folder) => someFiles(sketch, folder, found)).filter((path) => !read.has(path));
    const some = files.slice(0, MOST.files - read.size);
    for (const left of files.slice(some.length)) {
      found.cut.add(posix.dirname(left));
    }
    if (unknown.length + some.length === 0) {
      break;
    }
    const flux = folders.flatMap((folder) => sourceOfFlux(sketch, folder));
    await Promise.all([
      sketch.look(unknown),
      readFiles(sketch, some, found, read),
      readFiles(sketch, flux, found, sources),
    ]);
  }
  return found;
}

/** Folders whose names do not say what is in them, and that may have such folders inside. */
function canHoldHome(name: string): boolean {
  return /^(k8s|kubernetes|kube|deploy|deployments?|manifests|infra|infrastructure|platform|ops|cluster-config)$/.test(
    name,
  );
}

function isInner(path: string): boolean {
  return INNER.has(path.split('/').at(-1) ?? '');
}

/** A folder, and the folders below it as far as they are known, and those after them. */
function foldersBelow(sketch: Sketch, folder: string): string[] {
  const [home = '', ...deeper] = folder.split('/');
  const isDeepest = deeper.length + 1 >= (SHALLOW.has(home) ? MOST.depth - 1 : MOST.depth);
  const inside = isDeepest ? [] : below(sketch, folder).slice(0, MOST.folders);
  return [folder, ...inside.flatMap((each) => foldersBelow(sketch, each))];
}

function below(sketch: Sketch, folder: string): string[] {
  return sketch
    .folders(folder)
    .filter(canBeEnvironment)
    .map((name) => `${folder}/${name}`);
}

function someFiles(sketch: Sketch, folder: string, { cut }: ObjectFiles): string[] {
  const files = filesOf(sketch, folder);
  if (files.length > MOST.filesInFolder) {
    cut.add(folder);
  }
  return files.slice(0, MOST.filesInFolder);
}

/** The files in a folder that may have objects in them. */
function filesOf(sketch: Sketch, folder: string): string[] {
  return sketch
    .files(folder)
    .filter(
      (name) => /\.ya?ml$/.test(name) && !/^(\.|ostack\.|values|Chart\.|gotk-)/.test(name) && !isKustomization(name),
    )
    .map((name) => (folder === '' ? name : `${folder}/${name}`));
}

async function readFiles(sketch: Sketch, paths: readonly string[], found: ObjectFiles, read: Set<string>) {
  const fresh = paths.filter((path) => !read.has(path));
  for (const path of fresh) {
    read.add(path);
  }
  const texts = await Promise.all(fresh.map((path) => readUnlessOdd(sketch.tree, path)));
  for (const [index, path] of fresh.entries()) {
    const text = texts[index] ?? '';
    // Only files that name an API group of a reconciler are parsed.
    if (/\b(argoproj\.io|toolkit\.fluxcd\.io)\//.test(text)) {
      const objects = objectsIn(text, path).map(({ object }) => object);
      found.files.push({ path, text, objects: isOfFlux(path) ? objects.filter(isSource) : objects });
    }
  }
}

/** What `flux bootstrap` makes of a cluster. */
function sourceOfFlux(sketch: Sketch, folder: string): string[] {
  return sketch.hasFlux(folder) ? [sourcePath(folder)] : [];
}

function sourcePath(folder: string): string {
  return `${folder}/flux-system/gotk-sync.yaml`;
}

/** Of that, only where the cluster takes the repository from is of use. */
function isOfFlux(path: string): boolean {
  return path.endsWith('/gotk-sync.yaml');
}

function isSource(object: FileObject['object']): boolean {
  return textAt(object, 'kind') === 'GitRepository';
}
