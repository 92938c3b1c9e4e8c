import type { InfraConfig, RootSettings } from '../config/infra-config.js';
import type { ModuleFile, StatePlace } from './module-file.js';
import { type InfraFiles, type Module, type ModuleTree, readModules } from './module-tree.js';

/** A root module: what is planned and applied on its own, with a state of its own. */
export interface Root {
  /** What people call it: the key in `ostack.yaml`, else its folder; the repository's own is `.`. */
  name: string;
  folder: string;
  /** Where its state is, as far as its files say. */
  state: StatePlace | undefined;
  settings: RootSettings;
}

/** The roots of a commit, and its modules. */
export interface Roots {
  roots: readonly Root[];
  tree: ModuleTree;
  files: InfraFiles;
  /** Folders with a backend of their own that `ostack.yaml` does not name although it names others. */
  unnamed: readonly string[];
}

/** Folders that show or try something, and those with modules for others. */
const SHOWN = /(?:^|\/)(?:examples?|tests?|testdata|fixtures?|spec)(?:\/|$)/;
const SHARED = /(?:^|\/)modules?(?:\/|$)/;

/**
 * The root modules of a commit: those that `ostack.yaml` names; where it names none, each folder with a `backend` or `cloud`
 * block, and each other folder with files of the language that no other calls. Examples and tests are none, and of a folder
 * `modules` only what has a backend.
 */
export function findRoots(files: InfraFiles, config: InfraConfig): Roots {
  const tree = readModules(files);
  const called = new Set([...tree.values()].flatMap(({ calls }) => calls.map(({ folder }) => folder)));
  const isRoot = (module: Module) =>
    !SHOWN.test(module.folder) &&
    (stateOf(module) !== undefined || (!called.has(module.folder) && !SHARED.test(module.folder)));
  const found = [...tree.values()].filter(isRoot);
  if (config.roots.length === 0) {
    const roots = found.map((module): Root => {
      const { folder } = module;
      return { name: folder, folder, state: stateOf(module), settings: config.defaults(folder) };
    });
    return { roots: roots.sort(byName), tree, files, unnamed: [] };
  }
  const roots = config.roots.map((settings): Root => {
    const module = tree.get(settings.path);
    return { name: settings.name, folder: settings.path, state: module && stateOf(module), settings };
  });
  const named = new Set(roots.map(({ folder }) => folder));
  const unnamed = found.filter((module) => stateOf(module) !== undefined && !named.has(module.folder));
  return { roots: roots.sort(byName), tree, files, unnamed: unnamed.map(({ folder }) => folder).sort() };
}

function byName(one: Root, other: Root): number {
  return one.name < other.name ? -1 : 1;
}

/** Where the state of a folder is; nothing where it has no block for it. */
export function stateOf({ files }: { files: readonly ModuleFile[] }): StatePlace | undefined {
  return files.find(({ state }) => state !== undefined)?.state;
}
