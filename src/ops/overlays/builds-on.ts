import { posix } from 'node:path';
import type { ImageTarget, Target } from '../carriers/carrier.js';
import { deployedTargets } from '../carriers/deployed.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import { imageTarget } from '../carriers/image-reference.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isSameThing, targetName } from '../carriers/target.js';
import { KUSTOMIZATION_NAMES, type KustomizationFile, readKustomization } from '../kustomize/kustomization.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { InvalidYaml } from '../yaml/parse.js';
import { deployedInLayers } from './effective-versions.js';
import { environmentsOf } from './environments.js';
import { innerKustomizations } from './inner-kustomizations.js';
import { isFile, isPerApp, type Layout, overlayFolder, overlayTemplatesOf } from './layout.js';
import { readOverlay } from './overlay.js';
import { overlayOfPath } from './overlay-path.js';

/** A kustomization of another environment that an app's files there are taken in by. */
export interface SiblingFile extends KustomizationFile {
  environment: string;
}

/** A folder of another environment that may have a kustomization which takes an app's files in. */
interface SiblingFolder {
  environment: string;
  folder: string;
  /** Whether it has nothing but the app's files. A folder above those of apps has all apps in it, and no clusters. */
  isOwn: boolean;
}

/** The folders of an app in all other environments, and those of the environments above them. */
function siblingFolders(
  layout: Layout,
  { environment, app }: AppEnvironment,
  names: readonly string[],
): SiblingFolder[] {
  const templates = overlayTemplatesOf(layout, app).filter((template) => !isFile(template));
  return names
    .filter((name) => name !== environment)
    .flatMap((name) =>
      templates.flatMap((template): SiblingFolder[] => {
        const folder = overlayFolder(layout, template, name, app);
        const isOwn = isPerApp(layout, template);
        const own = { environment: name, folder, isOwn };
        return isOwn && template.endsWith('/{app}')
          ? [own, { environment: name, folder: posix.dirname(folder), isOwn: false }]
          : [own];
      }),
    );
}

/**
 * What `readSiblings` reads, so that it can be asked for with what else is read.
 *
 * @param names the environments as far as they are known, where the layout does not name them
 */
export function siblingPaths(layout: Layout, where: AppEnvironment, names: readonly string[]): string[] {
  const folders = siblingFolders(layout, where, layout.environments ?? names);
  return folders.flatMap(({ folder, isOwn }) =>
    isOwn ? [folder] : KUSTOMIZATION_NAMES.map((name) => posix.join(folder, name)),
  );
}

/**
 * The kustomizations of an app in all other environments, and those of the environments above them: one request. Where a folder
 * has none, those of the clusters in it count, which takes a few requests more.
 */
export async function readSiblings(tree: TreeReader, layout: Layout, where: AppEnvironment): Promise<SiblingFile[]> {
  const names = layout.environments ?? (await environmentsOf(tree, layout, where.app));
  const folders = siblingFolders(layout, where, names);
  const found = await Promise.all(
    folders.map(async ({ environment, folder, isOwn }) => {
      const file = await readKustomization(tree, folder);
      const files = file !== undefined ? [file] : isOwn ? await innerKustomizations(tree, folder) : [];
      return files.map(({ path, text }): SiblingFile => ({ path, text, environment }));
    }),
  );
  return found.flat();
}

/** An environment that takes files of another one in, and where it does. */
interface Follower {
  environment: string;
  /** The kustomization. */
  file: string;
  /** What it takes in, from the root of the repository. */
  path: string;
}

/**
 * The environments that build on what changes in another one. Those that build on them in turn change with them, or do not
 * where they say their own version.
 *
 * @param changed paths of the files that change
 */
export function followersOf(
  layout: Layout,
  siblings: readonly SiblingFile[],
  { environment, app }: AppEnvironment,
  changed: readonly string[],
): Follower[] {
  const isOf = (path: string, name: string) =>
    [path, `${path}/${app}`].some((each) => overlayOfPath(layout, each)?.environment === name);
  const isTaken = (path: string) =>
    isOf(path, environment) && changed.some((each) => each === path || each.startsWith(`${path}/`));
  const taken = siblings.flatMap((sibling): Follower[] => {
    const { environment: name, path: file } = sibling;
    const path = referencesOf(sibling).find((each) => !isOf(each, name) && isTaken(each));
    return path === undefined ? [] : [{ environment: name, file, path }];
  });
  return taken.filter((each, index) => taken.findIndex((other) => other.file === each.file) === index);
}

/** Paths of the files and folders that a kustomization takes in; none of a broken one, because nothing is built from it. */
function referencesOf({ path: file, text }: KustomizationFile): string[] {
  try {
    return manifestReferences(text, file)
      .filter((reference) => !isRemote(reference))
      .map((reference) => posix.join(posix.dirname(file), reference).replace(/\/$/, ''));
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return [];
    }
    throw error;
  }
}

/** What changes in an environment. */
export interface Changing extends AppEnvironment {
  /** Paths of the files that change. */
  changed: readonly string[];
  /** The overlay as it is, for the versions that other environments have through it. */
  files: readonly OverlayFile[];
  /** What is set. */
  targets: readonly Target[];
}

/**
 * Lets nothing change in an environment that another one builds on, where that says no version of its own: it would change
 * too, past its rules and unsaid.
 *
 * @param siblings the kustomizations of the other environments
 * @throws Error with the lines that keep the other environment at its version
 */
export async function refuseFollowers(
  tree: TreeReader,
  layout: Layout,
  change: Changing,
  siblings: readonly SiblingFile[],
): Promise<void> {
  const followers = followersOf(layout, siblings, change, change.changed);
  const held = followers.length === 0 ? [] : await heldBy(tree, layout, change);
  for (const follower of followers) {
    const own = await readOverlay(tree, layout, follower.environment, change.app);
    // What only clusters have is no overlay as a whole: each says it for itself.
    const files =
      own !== undefined && own.files.length > 0 ? own.files : siblings.filter(({ path }) => path === follower.file);
    const left = held.filter((target) => !says(files, target));
    const [first] = left;
    if (first !== undefined) {
      throw followed(change, follower, left, first);
    }
  }
}

/** What is set as it is now, by what the overlay says, or else its bases. */
async function heldBy(
  tree: TreeReader,
  layout: Layout,
  { environment, app, files, targets }: Changing,
): Promise<Target[]> {
  const carriers = everyCarrier(files, targets).filter(({ overriddenBy }) => overriddenBy === undefined);
  const held = carriers.flatMap(({ target, current: { repository, tag, digest } }): Target[] => {
    const isHeld = (tag ?? digest) !== undefined;
    return !isHeld ? [] : target.kind === 'image' ? [imageTarget(repository, tag, digest)] : [target];
  });
  if (held.length > 0) {
    return held;
  }
  const inBase = deployedTargets(await deployedInLayers(tree, layout, { environment, app }, files));
  return inBase.filter((each) => targets.some((target) => isSameThing(each, target)));
}

/** Whether files say a version of the same thing. */
function says(files: readonly OverlayFile[], target: Target): boolean {
  return everyCarrier(files, [target]).some(
    ({ certain, current }) => certain && (current.tag ?? current.digest) !== undefined,
  );
}

function followed(
  { environment }: AppEnvironment,
  { environment: name, file, path }: Follower,
  held: readonly Target[],
  first: Target,
): Error {
  const entries = held.flatMap((target, index) => {
    const isFirst = held.findIndex((other) => isSameThing(other, target)) === index;
    return target.kind === 'image' && isFirst ? [entryOf(target)] : [];
  });
  const advice =
    entries.length === 0
      ? `Let ${name} say it in a kustomization of its own, then run again.`
      : `Let it say the version that it has, then run again. Add to "images" of ${file}:\n\nimages:\n${entries.join('')}`;
  return new Error(
    `${name} builds on ${path} of ${environment} (${file}) and says no version of ${targetName(first)} of its own, so that it would ` +
      `change with ${environment}. ${advice}`,
  );
}

function entryOf({ repository, tag, digest }: ImageTarget): string {
  const version = [
    ...(tag === undefined ? [] : [`  newTag: "${tag}"\n`]),
    ...(digest === undefined ? [] : [`  digest: ${digest}\n`]),
  ];
  return `- name: ${repository}\n${version.join('')}`;
}
