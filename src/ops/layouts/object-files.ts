import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import { canBeEnvironment } from '../overlays/environment-name.js';
import { CONTROLLERS } from '../reconcilers/cluster.js';
import { gitRepositoryOf } from '../reconcilers/flux/source.js';
import { objectsIn } from '../reconcilers/objects.js';
import type { FileObject } from '../reconcilers/reconciler.js';
import { readUnlessOdd } from '../tree/read-unless-odd.js';
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

/**
 * Folders at the root that hold such objects and nothing else by custom. Their names, and those in their own folders, come along
 * with the first request of a repository.
 */
export const NEAR_HOMES = [...HOMES].filter((name) => !SHALLOW.has(name));
const NEAR = new Set(NEAR_HOMES);

/** Folders of the same use inside of others. */
const INNER = new Set('clusters flux argocd argo-cd applications applicationsets bootstrap'.split(' '));

/** Folders that homes often have: asked for at once, not one level after the other. */
const USUAL = 'production prod staging stage development dev test apps applications clusters'.split(' ');

/** How much is looked at, so that the cost stays flat. */
const MOST = { tops: 40, folders: 40, files: 120, filesInFolder: 30, filesAtRoot: 10, depth: 3, looks: 4 };

/** How much where nothing else is by custom: each cluster of a fleet has a folder. Two hundred paths are one request. */
const MOST_OF_FLEET = { folders: 400, files: 1000 };

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
    readFiles(
      sketch,
      likely.filter((path) => path.startsWith('clusters/')).map((path) => `${path}/${SYSTEM}/${SYNC}`),
      found,
      sources,
    ),
  ]);
  const inner = root.filter((name) => !HOMES.has(name)).flatMap((top) => below(sketch, top).filter(isInner));
  for (let look = 1; look < MOST.looks; look++) {
    const folders = [...homes, ...inner].flatMap((home) => foldersBelow(sketch, home));
    const unknown = atMost(
      'folders',
      folders.filter((folder) => !sketch.isKnown(folder)),
      [],
    );
    const files = folders.flatMap((folder) => someFiles(sketch, folder, found)).filter((path) => !read.has(path));
    const some = atMost('files', files, [...read]);
    const looked = new Set(some);
    for (const left of files.filter((path) => !looked.has(path))) {
      found.cut.add(posix.dirname(left));
    }
    if (unknown.length + some.length === 0) {
      break;
    }
    await Promise.all([
      sketch.look(unknown),
      readFiles(sketch, some, found, read),
      readSources(sketch, folders, found, sources),
    ]);
  }
  return found;
}

/** The first of these, as many as are looked at: of a fleet more than of what may hold anything. */
function atMost(what: keyof typeof MOST_OF_FLEET, paths: readonly string[], before: readonly string[]): string[] {
  const isOther = (path: string) => !isOfFleet(path);
  const others = paths.filter(isOther).slice(0, Math.max(0, MOST[what] - before.filter(isOther).length));
  const fleet = paths.filter(isOfFleet).slice(0, Math.max(0, MOST_OF_FLEET[what] - before.filter(isOfFleet).length));
  const some = new Set([...others, ...fleet]);
  return paths.filter((path) => some.has(path));
}

/** Whether a path is in a folder that holds such objects and nothing else by custom. */
function isOfFleet(path: string): boolean {
  return NEAR.has(path.split('/')[0] ?? '');
}

/**
 * Looks for the objects that set something over overlays whose places are known: in the folders that hold nothing else, and one
 * level below. Where the names in these are known, that is one request; none where there is no such folder.
 */
export async function findNearObjects(sketch: Sketch): Promise<ObjectFiles> {
  const found: ObjectFiles = { files: [], cut: new Set() };
  await sketch.look(['']);
  const homes = sketch.folders('').filter((name) => NEAR_HOMES.includes(name));
  await sketch.look(homes);
  const inner = homes.flatMap((home) => below(sketch, home)).slice(0, MOST_OF_FLEET.folders);
  await sketch.look(inner);
  const folders = [...homes, ...inner];
  const files = folders.flatMap((folder) => someFiles(sketch, folder, found)).slice(0, MOST_OF_FLEET.files);
  await Promise.all([readFiles(sketch, files, found, new Set()), readSources(sketch, folders, found, new Set())]);
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
  const most = isOfFleet(folder) ? MOST_OF_FLEET : MOST;
  const inside = isDeepest ? [] : below(sketch, folder).slice(0, most.folders);
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
    if (/\b(argoproj\.io|toolkit\.fluxcd\.io|controlplane\.io)\//.test(text)) {
      const objects = objectsIn(text, path).map(({ object }) => object);
      const isSource = (object: FileObject['object']) => gitRepositoryOf(object) !== undefined;
      found.files.push({ path, text, objects: isOfFlux(path) ? objects.filter(isSource) : objects });
    }
  }
}

/**
 * Reads where clusters take this repository from, in any file of what they are set up by: what `flux bootstrap` makes is read at once,
 * the others one request later, where there are some.
 */
async function readSources(sketch: Sketch, folders: readonly string[], found: ObjectFiles, read: Set<string>) {
  const systems = folders.filter((folder) => sketch.hasFlux(folder)).map((folder) => `${folder}/${SYSTEM}`);
  const fresh = systems.filter((system) => !read.has(system));
  for (const system of fresh) {
    read.add(system);
  }
  const [lists] = await Promise.all([
    Promise.all(fresh.map((system) => sketch.tree.list(system))),
    readFiles(
      sketch,
      fresh.map((system) => `${system}/${SYNC}`),
      found,
      read,
    ),
  ]);
  const others = fresh.flatMap((system, index) =>
    (lists[index] ?? [])
      .filter(
        ({ name, type }) => type === 'file' && /\.ya?ml$/.test(name) && !isKustomization(name) && name !== CONTROLLERS,
      )
      .slice(0, MOST.filesInFolder)
      .map(({ name }) => `${system}/${name}`),
  );
  await readFiles(sketch, others, found, read);
}

/** The folder in which a cluster's Flux is set up, and what `flux bootstrap` writes there of the repository. */
const SYSTEM = 'flux-system';
const SYNC = 'gotk-sync.yaml';

/** Of that folder, only where the cluster takes the repository from is of use. */
function isOfFlux(path: string): boolean {
  return path.split('/').at(-2) === SYSTEM;
}
