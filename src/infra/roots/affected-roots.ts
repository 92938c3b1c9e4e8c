import { posix } from 'node:path';
import type { Root, Roots } from './find-roots.js';
import { isOfPlace, type StatePlace } from './module-file.js';
import { foldersOf, within } from './module-tree.js';
import { isOfAnything } from './path-reads.js';
import { replanFile } from './replan-file.js';

/** A root that a change reaches, and by what. */
export interface AffectedRoot {
  root: Root;
  /** Why it is planned: `modules/db/main.tf changes`. */
  because: string;
  /** Names of roots that are applied before it and that the change reaches too: it is planned again after them. */
  after: readonly string[];
}

/** What a change means for roots. */
export interface Affected {
  roots: readonly AffectedRoot[];
  /** Roots that only read the state of such a one: they are planned when that is applied. */
  waiting: readonly { root: Root; after: readonly string[] }[];
  /** Roots that are gone, while no other has taken their state over. */
  deleted: readonly Root[];
}

/** Files that say which version of the tool is used, for all folders below. */
const VERSIONS =
  /(?:^|\/)(?:\.(?:opentofu|terraform)-version|\.tool-versions|mise\.toml|\.mise\.toml|tofurc|\.terraformrc)$/;

/** Files that tell people something, unless a module names them. */
const TEXTS = /\.(?:md|markdown|rst|adoc)$|(?:^|\/)(?:LICENSE|CODEOWNERS|\.gitignore|\.editorconfig)$/;

/**
 * The roots that a change can alter: whose own files, modules, files of values and of locks, or what functions and providers
 * read, are among its paths, before or after it.
 *
 * @param before the roots of the commit that the change is compared with; those of `after` where there is none
 * @param changed paths of the repository
 */
export function affectedRoots(before: Roots, after: Roots, changed: readonly string[]): Affected {
  const old = new Map(before.roots.map((root) => [root.name, root]));
  const isDeleted = (root: Root) => !after.roots.some((each) => each.name === root.name && each.folder === root.folder);
  const [changedNow, changedThen] = [changesIn(after, changed), changesIn(before, changed)];
  const roots = after.roots.flatMap((root): AffectedRoot[] => {
    const was = old.get(root.name);
    const because =
      reachedBy(after, root, changedNow) ??
      (was && reachedBy(before, was, changedThen)) ??
      (was === undefined || JSON.stringify(was.settings) !== JSON.stringify(root.settings) ? 'ostack.yaml' : undefined);
    return because === undefined || !after.tree.has(root.folder)
      ? []
      : [{ root, because: `${because} changes`, after: [] }];
  });
  const touched = new Set(roots.map(({ root }) => root.name));
  const order = predecessors(after);
  const precedes = (root: Root) => [...(order.get(root.name) ?? [])].filter((name) => touched.has(name)).sort();
  const waiting = after.roots
    .filter((root) => !touched.has(root.name))
    .map((root) => ({ root, after: precedes(root) }));
  return {
    roots: roots.map((each) => ({ ...each, after: precedes(each.root) })),
    waiting: waiting.filter((each) => each.after.length > 0),
    deleted: [
      ...before.roots.filter((root) => isDeleted(root) && !isTakenOver(root, after)),
      ...after.roots.filter((root) => !after.tree.has(root.folder) && before.tree.has(root.folder)),
    ].filter(
      (root, index, all) =>
        all.findIndex((other) => other.folder === root.folder && other.name === root.name) === index,
    ),
  };
}

/** All roots, as if everything changed: for a schedule, or a run by hand. */
export function allRoots(roots: Roots): Affected {
  const order = predecessors(roots);
  const there = roots.roots.filter(({ folder }) => roots.tree.has(folder));
  return {
    roots: there.map((root) => ({ root, because: 'all are planned', after: [...(order.get(root.name) ?? [])].sort() })),
    ...{ waiting: [], deleted: [] },
  };
}

/** A path of a change, and all that it is called in a commit: links lead to it. */
interface ChangedPath {
  path: string;
  places: readonly string[];
}

function changesIn(roots: Roots, changed: readonly string[]): ChangedPath[] {
  return changed.map((path) => ({ path, places: linkedPlaces(roots, path) }));
}

/** Most paths that one has through links. */
const MOST_PLACES = 1000;

function linkedPlaces(roots: Roots, path: string): string[] {
  const places = new Set([path]);
  for (const place of places) {
    for (const linked of places.size < MOST_PLACES ? linkedFrom(roots, place) : []) {
      places.add(linked);
    }
  }
  return [...places];
}

/** A path of the change that a root is made of. */
function reachedBy(roots: Roots, root: Root, changed: readonly ChangedPath[]): string | undefined {
  const isInput = inputsOf(roots, root);
  return changed.find(({ places }) => places.some(isInput))?.path;
}

/** The paths of a commit that a root is made of: its files, its modules, its files of values and of locks, and what it reads. */
export function inputPaths(roots: Roots, root: Root): string[] {
  const isInput = inputsOf(roots, root);
  return changesIn(roots, roots.files.paths).flatMap(({ path, places }) => (places.some(isInput) ? [path] : []));
}

/** Links that lead to a path or to a folder that it is in, as the paths that it has through them. */
function linkedFrom({ files }: Roots, path: string): string[] {
  return [...files.links].flatMap(([link, target]) =>
    path === target ? [link] : path.startsWith(`${target}/`) ? [`${link}${path.slice(target.length)}`] : [],
  );
}

/** The roots that each path of a change is a part of, as `affectedRoots` tells it. */
export function rootsOfPaths(roots: Roots, changed: readonly string[]): Map<string, Root[]> {
  const inputs = roots.roots.map((root) => ({ root, isInput: inputsOf(roots, root) }));
  return new Map(
    changesIn(roots, changed).map(({ path, places }) => [
      path,
      inputs.flatMap(({ root, isInput }) => (places.some(isInput) ? [root] : [])),
    ]),
  );
}

/** Tells whether a path is one that a root is made of. */
function inputsOf(roots: Roots, { name: called, folder: root, settings }: Root): (path: string) => boolean {
  const { tree, files } = roots;
  const folders = foldersOf(tree, root);
  const reads = [...folders].flatMap((folder) =>
    (tree.get(folder)?.files ?? []).flatMap((file) =>
      file.reads.map((read) => ({ ...read, start: read.from === 'module' ? folder : root })),
    ),
  );
  const calls = [...folders].flatMap((folder) => tree.get(folder)?.files ?? []).flatMap((file) => file.calls);
  const anything = reads.some(isOfAnything) || calls.some(({ beginning }) => beginning === '');
  // What is put behind a path may be any text of the root that leads up.
  const upwards = new Set(reads.flatMap(({ path }) => (path.startsWith('../') ? [path] : [])));
  const named = reads.flatMap(({ start, path, isOpen }) =>
    (path === ''
      ? []
      : [path, ...(isOpen === true ? [...upwards].map((up) => posix.join('.', path, up)) : [])]
    ).flatMap((each) => within(start, `./${each}`, files.links) ?? []),
  );
  for (const file of [...settings.varFiles, ...settings.backendConfig]) {
    named.push(within(root, file, files.links) ?? file);
  }
  return (path) =>
    path === replanFile(called) ||
    named.some((name) => name === '.' || isBelow(path, name) || isBelow(name, path)) ||
    // A submodule of git is one path, and all that is in it comes with that.
    [...folders].some((folder) => isBelow(folder, path)) ||
    (VERSIONS.test(path) && isBelow(root, posix.dirname(path))) ||
    anything ||
    (!TEXTS.test(path) && folders.has(ownerOf(tree, path)));
}

function isBelow(folder: string, parent: string): boolean {
  return parent === '.' || folder === parent || folder.startsWith(`${parent}/`);
}

/** The module whose folder a path is in: the nearest one above it. */
function ownerOf(tree: ReadonlyMap<string, unknown>, path: string): string {
  let folder = posix.dirname(path);
  while (!tree.has(folder) && folder !== '.') {
    folder = posix.dirname(folder);
  }
  // What lies in the repository's root is a root's only where that has files of the language, and then not whole other folders.
  return folder === '.' && path.includes('/') ? '' : folder;
}

/** For each root the names of those that are applied before it: what `after` says, and whose state it reads. */
export function predecessors({ roots, tree }: Roots): Map<string, Set<string>> {
  return new Map(
    roots.map((root) => {
      const states = [...foldersOf(tree, root.folder)].flatMap((folder) =>
        (tree.get(folder)?.files ?? []).flatMap(({ remoteStates }) => remoteStates),
      );
      const read = roots.filter((other) => other !== root && states.some((state) => isSamePlace(state, other.state)));
      return [root.name, new Set([...root.settings.after, ...read.map(({ name }) => name)])];
    }),
  );
}

/** Settings that tell states of one backend apart. */
const NAMES = ['key', 'path', 'prefix', 'name', 'address', 'secret_suffix', 'schema_name', 'conn_str'];

/** Whether a place that is read is that of a state: literal settings that both have are the same, one that names it among them. */
export function isSamePlace(read: StatePlace, place: StatePlace | undefined): boolean {
  if (place === undefined || (read.type !== place.type && !(read.type === 'remote' && place.type === 'cloud'))) {
    return false;
  }
  const shared = Object.keys(read.settings).filter((name) => Object.hasOwn(place.settings, name));
  const isSame = shared.every((name) => read.settings[name] === place.settings[name]);
  return isSame && shared.some((name) => NAMES.includes(name));
}

/**
 * Whether another root has the state of one that is gone: then its folder was moved. All that says where it is has to be written down
 * in both and the same, for a state that nobody has is told by nothing else.
 */
function isTakenOver({ state, settings }: Root, after: Roots): boolean {
  return after.roots.some((root) => {
    if (state === undefined || !isSamePlace(state, root.state) || root.state?.type !== state.type) {
      return false;
    }
    const [one, other] = [state, root.state];
    const names = [one, other].flatMap(({ settings: said, unclear }) => [...Object.keys(said), ...unclear]);
    const isClear = ![...one.unclear, ...other.unclear].some(isOfPlace);
    const isSame = names.filter(isOfPlace).every((name) => one.settings[name] === other.settings[name]);
    return isClear && isSame && root.settings.workspace === settings.workspace;
  });
}

/**
 * Names of roots in an order in which each comes after those before it.
 *
 * @throws Error naming roots that read each other's state
 */
export function inOrder(names: readonly string[], order: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Set(names);
  const sorted: string[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((name) => ![...(order.get(name) ?? [])].some((before) => left.has(before)));
    if (ready.length === 0) {
      throw new Error(
        `The roots ${[...left].join(', ')} wait for each other: each reads the state of another, or is after it in ostack.yaml. Take one of these out.`,
      );
    }
    for (const name of ready) {
      left.delete(name);
      sorted.push(name);
    }
  }
  return sorted;
}
