import { inside } from '../config.js';
import { liesIn } from '../lies-in.js';
import type { RepositoryTree } from '../tree.js';
import { type GoLine, readGoFile } from './go-file.js';
import { readGoImports } from './go-imports.js';
import { fileIn, foldersAround, type Needs, NOTHING, type PackageGraph, remembered } from './package-graph.js';

/** A `go.work` file: its modules, and the folders that it takes others from. */
interface Workspace {
  uses: readonly string[];
  replaced: ReadonlyMap<string, string>;
}

const NO_WORKSPACE: Workspace = { uses: [], replaced: new Map() };

/**
 * The modules of Go workspaces, by `require` or by what a module of the workspace imports; and those that a `go.mod` takes from
 * a folder by `replace`. `go.work` wins over `go.mod`, as it does for Go.
 *
 * @see https://go.dev/ref/mod#workspaces
 */
export function goModules(tree: RepositoryTree): PackageGraph {
  const moduleOf = remembered((folder) => readLines(tree, fileIn(folder, 'go.mod')));
  const workspaceAt = remembered((folder) => readWorkspace(tree, folder));
  const workspaceOf = async (folder: string) => {
    for (const around of foldersAround(folder)) {
      const found = await workspaceAt(around);
      if (found !== undefined) {
        return found;
      }
    }
    return NO_WORKSPACE;
  };
  const usedModules = async ({ uses }: Workspace) => {
    const names = await Promise.all(uses.map(async (use) => nameOf(await moduleOf(use))));
    return new Map(uses.map((use, index) => [names[index] ?? '', use]));
  };
  return {
    below: async (folder) => (await workspaceOf(folder)).uses.filter((use) => liesIn(use, folder)),
    async needs(folder) {
      const own = await moduleOf(folder);
      if (own === undefined) {
        return NOTHING;
      }
      const workspace = await workspaceOf(folder);
      const used = await usedModules(workspace);
      const places = new Map([...used, ...replacedFolders(own, folder), ...workspace.replaced]);
      const required = own.filter(({ directive }) => directive === 'require').map(({ words: [name = ''] }) => name);
      const others = [...used.keys()].filter((name) => !required.includes(name) && used.get(name) !== folder);
      const imported = workspace.uses.includes(folder) ? await importedOf(tree, folder, others) : NOTHING;
      const foldersOf = (names: readonly string[]) =>
        names.map((name) => places.get(name)).filter((one) => one !== undefined);
      return {
        runtime: foldersOf([...required, ...imported.runtime]),
        development: foldersOf(imported.development),
      };
    },
  };
}

/** Those of some modules whose packages a module imports. */
async function importedOf(tree: RepositoryTree, folder: string, modules: readonly string[]): Promise<Needs> {
  if (modules.length === 0) {
    return NOTHING;
  }
  const { sources, tests } = await readGoImports(tree, folder);
  const among = (paths: ReadonlySet<string>) =>
    modules.filter((name) => [...paths].some((path) => path === name || path.startsWith(`${name}/`)));
  return { runtime: among(sources), development: among(tests) };
}

function nameOf(lines: readonly GoLine[] | undefined): string | undefined {
  return lines?.find(({ directive }) => directive === 'module')?.words[0];
}

/** Folders by the modules that they stand in for: `replace acme.dev/ui v1.2.0 => ../ui`. */
function replacedFolders(lines: readonly GoLine[], from: string): Map<string, string> {
  const folders = new Map<string, string>();
  for (const { words } of lines.filter(({ directive }) => directive === 'replace')) {
    const target = words[words.indexOf('=>') + 1] ?? '';
    const folder = /^\.{1,2}(?:\/|$)/.test(target) ? inside(target, from) : undefined;
    if (words[0] !== undefined && words.includes('=>') && folder !== undefined) {
      folders.set(words[0], folder);
    }
  }
  return folders;
}

async function readWorkspace(tree: RepositoryTree, folder: string): Promise<Workspace | undefined> {
  const lines = await readLines(tree, fileIn(folder, 'go.work'));
  if (lines === undefined) {
    return undefined;
  }
  const uses = lines
    .filter(({ directive }) => directive === 'use')
    .map(({ words: [path = ''] }) => inside(path, folder))
    .filter((path) => path !== undefined);
  return { uses, replaced: replacedFolders(lines, folder) };
}

async function readLines(tree: RepositoryTree, path: string): Promise<GoLine[] | undefined> {
  const text = await tree.read(path);
  return text === undefined ? undefined : readGoFile(text);
}
