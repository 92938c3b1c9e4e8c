import { posix } from 'node:path';
import type { InfraConfig, RootSettings } from '../config/infra-config.js';
import { givenPlace, type ModuleFile, type StatePlace } from './module-file.js';
import { type InfraFiles, isConfiguration, type ModuleTree, readModules, within } from './module-tree.js';

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
  /** Folders with a backend of their own that are no roots: `ostack.yaml` names others, or they look like examples. */
  unnamed: readonly string[];
}

/** Names of folders that show or try something. */
const SHOWN = /^(?:examples?|tests?|testdata|fixtures?|spec)$/;

/** Those of them that environments have too. */
const TESTS = /^tests?$/;

/** Folders with modules for others, and hidden ones. */
const SHARED = /(?:^|\/)(?:modules?|\.[^/]+)(?:\/|$)/;

/**
 * The root modules of a commit: those that `ostack.yaml` names; where it names none, each folder with a `backend` or `cloud`
 * block, and each other folder with files of the language that no other calls or links to. Examples and tests are none, and of a
 * folder `modules` only what has a backend.
 */
export function findRoots(files: InfraFiles, config: InfraConfig): Roots {
  const tree = readModules(files);
  const withState = [...tree.values()].filter((module) => stateOf(module) !== undefined).map(({ folder }) => folder);
  if (config.roots.length > 0) {
    const roots = config.roots.map((settings): Root => {
      const module = tree.get(settings.path);
      const place = module && stateOf(module);
      const given = settings.backendConfig.map((config) => givenSettings(config, settings.path, files));
      return { name: settings.name, folder: settings.path, state: place && givenPlace(place, given), settings };
    });
    const named = new Set(roots.map(({ folder }) => folder));
    const unnamed = withState.filter((folder) => !named.has(folder) && !isShown(folder, withState));
    return { roots: roots.sort(byName), tree, files, unnamed: unnamed.sort() };
  }
  const shown = new Set([...tree.keys()].filter((folder) => isShown(folder, withState)));
  const used = usedFolders(tree, files);
  const found = [...tree.values()].filter(
    (module) =>
      !shown.has(module.folder) &&
      (stateOf(module) !== undefined || (!used.has(module.folder) && !SHARED.test(module.folder))),
  );
  const roots = found.map((module): Root => {
    const { folder } = module;
    return { name: folder, folder, state: stateOf(module), settings: config.defaults(folder) };
  });
  return { roots: roots.sort(byName), tree, files, unnamed: withState.filter((folder) => shown.has(folder)).sort() };
}

/** What `-backend-config` gives, as a file has it; `undefined` where that is not in the commit. */
function givenSettings(config: string, folder: string, { texts, links }: InfraFiles): string | undefined {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(config) ?? [];
  return name === undefined ? texts.get(within(folder, config, links) ?? '') : `${name} = ${JSON.stringify(value)}`;
}

/** Folders that others call as modules, or whose files they link to. */
function usedFolders(tree: ModuleTree, { links }: InfraFiles): Set<string> {
  const called = [...tree.values()].flatMap(({ calls }) => calls.map(({ folder }) => folder));
  const linked = [...links].flatMap(([link, target]) => {
    const folder = posix.dirname(target);
    return isConfiguration(link) && posix.dirname(link) !== folder ? [folder] : [];
  });
  return new Set([...called, ...linked]);
}

/**
 * Whether a folder shows or tries something. An environment may be called `test` or `example`: that it has a state tells it of a
 * test, and of others that it stands beside one of another name.
 */
function isShown(folder: string, withState: readonly string[]): boolean {
  const parts = folder.split('/');
  const isAlike = (other: readonly string[], at: number) =>
    other.length === parts.length && other.every((part, index) => (part === parts[index]) !== (index === at));
  return parts.some((part, at) => {
    if (!SHOWN.test(part)) {
      return false;
    }
    return (
      !withState.includes(folder) || !(TESTS.test(part) || withState.some((other) => isAlike(other.split('/'), at)))
    );
  });
}

function byName(one: Root, other: Root): number {
  return one.name < other.name ? -1 : 1;
}

/** Where the state of a folder is; nothing where it has no block for it. */
export function stateOf({ files }: { files: readonly ModuleFile[] }): StatePlace | undefined {
  return files.find(({ state }) => state !== undefined)?.state;
}
