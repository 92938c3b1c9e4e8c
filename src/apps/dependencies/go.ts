import { inside } from '../config.js';
import { liesIn } from '../lies-in.js';
import type { RepositoryTree } from '../tree.js';
import { type GoLine, readGoFile } from './go-file.js';
import { fileIn, foldersAround, NOTHING, type PackageGraph, remembered } from './package-graph.js';

/** A `go.work` file: its modules, and the folders that it takes others from. */
interface Workspace {
  uses: readonly string[];
  replaced: ReadonlyMap<string, string>;
}

const NO_WORKSPACE: Workspace = { uses: [], replaced: new Map() };

/**
 * The modules of Go workspaces, and those that a `go.mod` takes from a folder by `replace`. `go.work` wins over `go.mod`, as
 * it does for Go.
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
      const places = new Map([
        ...(await usedModules(workspace)),
        ...replacedFolders(own, folder),
        ...workspace.replaced,
      ]);
      const required = own.filter(({ directive }) => directive === 'require').map(({ words: [name = ''] }) => name);
      return { ...NOTHING, runtime: required.map((name) => places.get(name)).filter((one) => one !== undefined) };
    },
  };
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
