import { posix } from 'node:path';
import { environmentTest } from '../overlays/environment-name.js';
import { RECONCILERS } from '../reconcilers/all.js';
import type { DeployedFolder } from '../reconcilers/deployed-folder.js';
import { nameOf } from '../reconcilers/fields.js';
import type { FileObject, Reconciler } from '../reconcilers/reconciler.js';
import { textAt } from '../yaml/values.js';
import { contradictsCluster, environmentOf, partsOf } from './object-environment.js';
import type { ObjectFile, ObjectFiles } from './object-files.js';
import type { Sketch } from './sketch.js';

/** A folder of this repository, or a file of Helm values, that an object deploys into an environment. */
export interface Deployment {
  environment: string;
  path: string;
  /** What the object calls what it deploys: its name without that of the environment; empty for none. */
  app: string;
  /** The object's file. */
  file: string;
  /** Whether only the object's name says the app, and none of the images that it names. */
  isByName?: boolean;
}

/** What objects deploy, as far as their files say it. */
export interface Deployments {
  deployed: Deployment[];
  /** Folders of which nothing says in which environment they are. */
  unknown: { path: string; file: string }[];
}

/** How names of environments are known. */
export interface EnvironmentNames {
  /** Those of the policy. */
  declared: readonly string[] | undefined;
  /** The environment that a path is of by the shape of the tree. */
  shaped(path: string): string | undefined;
}

/** Folders that are looked at. */
const MOST_FOLDERS = 60;

/** A folder that an object names, with the object's file. */
export interface FoundFolder extends DeployedFolder {
  file: string;
  /** `Application/web-staging` */
  object: string;
  reconciler: string;
}

/** All folders that objects name, whoever's they are. */
export function foldersIn(found: ObjectFiles): FoundFolder[] {
  return namedIn(found, (reconciler, object, all) => reconciler.foldersOf(object, all));
}

/** What objects give to charts without deploying a folder. */
export function chartValuesIn(found: ObjectFiles): FoundFolder[] {
  return namedIn(found, (reconciler, object, all) => reconciler.valuesOf?.(object, all) ?? []);
}

type Object = FileObject['object'];

function namedIn(
  { files }: ObjectFiles,
  of: (reconciler: Reconciler, object: Object, all: readonly Object[]) => DeployedFolder[],
): FoundFolder[] {
  return files.flatMap(({ path: file, objects }) => {
    const all = nearestFirst(files, file);
    return objects.flatMap((object) =>
      RECONCILERS.flatMap((reconciler: Reconciler) =>
        of(reconciler, object, all).map((folder) => ({
          ...{ ...folder, file, reconciler: reconciler.name },
          object: `${textAt(object, 'kind') ?? ''}/${nameOf(object) ?? ''}`,
        })),
      ),
    );
  });
}

/** All objects, those of files in the same folders first: each cluster has a source of the same name. */
function nearestFirst(files: readonly ObjectFile[], file: string): FileObject['object'][] {
  const own = file.split('/');
  const near = ({ path }: ObjectFile) => {
    const segments = path.split('/');
    const apart = segments.findIndex((segment, index) => segment !== own[index]);
    return apart < 0 ? segments.length : apart;
  };
  return [...files].sort((one, other) => near(other) - near(one)).flatMap(({ objects }) => objects);
}

/**
 * The folders with `*` replaced by what is there; looks at folders that are not known yet. Where there are too many to look at
 * each, a path keeps its `*`.
 */
export async function expandedFolders(sketch: Sketch, found: readonly FoundFolder[]): Promise<FoundFolder[]> {
  const open = found.filter(({ path }) => path.includes('*'));
  const levels = Math.max(0, ...open.map(({ path }) => path.split('/').filter((name) => name.includes('*')).length));
  let folders = [...found];
  for (let level = 0; level < levels; level++) {
    const above = [...new Set(folders.flatMap(({ path }) => aboveStar(path) ?? []))];
    await sketch.look(above.filter((path) => !sketch.isKnown(path)).slice(0, MOST_FOLDERS));
    folders = folders.flatMap((folder) => withoutFirstStar(sketch, folder));
  }
  return folders;
}

function aboveStar(path: string): string | undefined {
  const segments = path.split('/');
  const at = segments.findIndex((segment) => segment.includes('*'));
  return at < 0 ? undefined : segments.slice(0, at).join('/');
}

function withoutFirstStar(sketch: Sketch, folder: FoundFolder): FoundFolder[] {
  const above = aboveStar(folder.path);
  if (above === undefined || !sketch.isKnown(above)) {
    return [folder];
  }
  const segments = folder.path.split('/');
  const at = segments.findIndex((segment) => segment.includes('*'));
  const [before = '', after = '', ...more] = (segments[at] ?? '').split('*');
  const names = sketch
    .folders(above)
    .filter((name) => more.length === 0 && name.length >= before.length + after.length)
    .filter((name) => name.startsWith(before) && name.endsWith(after));
  return names.map((name) => ({
    ...folder,
    path: segments.map((segment, index) => (index === at ? name : segment)).join('/'),
    name: '',
  }));
}

/** The folders that are in this repository, as far as that is known. */
export interface OwnFolders {
  folders: FoundFolder[];
  /** Further ones of the same repository, of which there are too many to look at each: they may be there. */
  unlooked: FoundFolder[];
}

/**
 * The folders that are in this repository: those of the source that a cluster is set up from, or else of the one repository
 * whose folders are there. Looks at folders that are not known yet.
 */
export async function ownFolders(sketch: Sketch, found: readonly FoundFolder[]): Promise<OwnFolders> {
  const paths = [...new Set(found.map(({ path }) => path))].filter((path) => path !== '');
  const looked = paths.filter((path) => !path.includes('*')).slice(0, MOST_FOLDERS);
  await sketch.look(looked, looked);
  const left = new Set(paths.filter((path) => !sketch.isKnown(path)));
  const there = found.filter(({ path }) => path !== '' && sketch.isThere(path));
  const repositories = [...new Set(there.map(({ repository }) => repository))];
  const count = (repository: string) => there.filter((each) => each.repository === repository).length;
  const [first, second] = repositories.sort((one, other) => count(other) - count(one));
  const isTie = first !== undefined && second !== undefined && count(first) === count(second);
  const own = repositories.includes('') ? '' : isTie ? undefined : first;
  const argo = argoOwn(there);
  const isOwn = ({ repository, reconciler }: FoundFolder) =>
    reconciler === 'argocd' && own === '' ? repository === argo : repository === own;
  return { folders: there.filter(isOwn), unlooked: found.filter((each) => left.has(each.path) && isOwn(each)) };
}

/** Beside Flux, what Argo CD deploys from the one repository that it names. */
function argoOwn(there: readonly FoundFolder[]): string | undefined {
  const named = [...new Set(there.filter((each) => each.reconciler === 'argocd').map(({ repository }) => repository))];
  return named.length === 1 ? named[0] : undefined;
}

/**
 * What the folders are deployed into. A folder that several environments deploy is nobody's overlay, and neither is one that
 * holds objects which deploy others.
 */
export function deploymentsOf(folders: readonly FoundFolder[], names: EnvironmentNames): Deployments {
  const result: Deployments = { deployed: [], unknown: [] };
  const holders = folders.map(({ file }) => `${posix.dirname(file)}/`);
  const isHolder = (path: string) => holders.some((holder) => holder.startsWith(`${path}/`));
  const hosts = hostsOf(folders, names);
  for (const folder of folders.filter(({ path }) => path !== '' && !isHolder(path))) {
    for (const path of placesOf(folder, names)) {
      const clues = { ...folder, path, isHosted: hosts.has(posix.dirname(folder.file)) };
      const shaped = names.shaped(path);
      const environment =
        path !== folder.path && shaped !== undefined ? shaped : environmentOf(clues, names.declared, shaped);
      if (environment === undefined) {
        result.unknown.push({ path, file: folder.file });
      } else {
        result.deployed.push({ environment, path, app: appOf(folder.name, environment, names), file: folder.file });
      }
    }
  }
  return { ...result, deployed: unshared(result.deployed, names) };
}

/** Folders of clusters that host other environments than the one that they are called after. */
export function hostsOf(folders: readonly FoundFolder[], { declared }: EnvironmentNames): ReadonlySet<string> {
  const others = folders.filter((folder) => contradictsCluster(folder, declared));
  return new Set(others.map(({ file }) => posix.dirname(file)));
}

/**
 * The folder, or those of its values that are an environment's where the folder itself is none's: as the shape of the tree says
 * it, or else their names. Beside the values of an environment there may be those of a cluster.
 */
function placesOf({ path, values }: FoundFolder, names: EnvironmentNames): string[] {
  const shaped = names.shaped(path) === undefined ? values.filter((each) => names.shaped(each) !== undefined) : [];
  if (shaped.length > 0) {
    return shaped;
  }
  const ways = [names, { ...names, declared: undefined }];
  const isNamed = (text: string) =>
    text.split('/').some((name) => ways.some((way) => environmentIn(name, way) !== undefined));
  const own = values.filter(isNamed);
  return isNamed(path) || own.length === 0 ? [path] : own;
}

/** The environment in a name of a folder or file; `undefined` for none. */
export function environmentIn(
  name: string,
  { declared }: EnvironmentNames,
): { environment: string; rest: string } | undefined {
  const isName = environmentTest(declared);
  const plain = name.replace(/\.(ya?ml|json)$/, '');
  return isName(plain) ? { environment: plain, rest: '' } : partsOf(plain, isName);
}

/** What an object calls what it deploys: its name without that of the environment; empty where a generator makes it up. */
export function appOf(name: string, environment: string, names: EnvironmentNames): string {
  const parts = name === environment ? { rest: '' } : (ownParts(name, environment) ?? environmentIn(name, names));
  const words = name.split('-').filter((word) => word !== environment);
  const app = parts?.rest ?? words.join('-');
  return /[*{]/.test(app) ? '' : app;
}

function ownParts(name: string, environment: string): { rest: string } | undefined {
  return partsOf(name, (each) => each === environment);
}

/** Without what several environments deploy, unless its path says of which one it is. */
function unshared(deployed: readonly Deployment[], names: EnvironmentNames): Deployment[] {
  const byPath = new Map<string, Set<string>>();
  for (const { path, environment } of deployed) {
    byPath.set(path, (byPath.get(path) ?? new Set()).add(environment));
  }
  return deployed.flatMap((each): Deployment[] => {
    if (byPath.get(each.path)?.size === 1) {
      return [each];
    }
    const said = each.path
      .split('/')
      .flatMap((name) => environmentIn(name, names)?.environment ?? [])
      .at(-1);
    return said === undefined ? [] : [{ ...each, environment: said }];
  });
}
