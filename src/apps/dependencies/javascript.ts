import * as v from 'valibot';
import { yamlDocument } from '../../config/yaml-documents.js';
import { inside } from '../config.js';
import { liesIn } from '../lies-in.js';
import type { RepositoryTree } from '../tree.js';
import { memberFolders } from './member-folders.js';
import { fileIn, foldersAround, type Needs, NOTHING, type PackageGraph, remembered } from './package-graph.js';
import { readData } from './read-data.js';

const dependenciesSchema = v.optional(v.record(v.string(), v.unknown()), {});
const packageSchema = v.object({
  name: v.optional(v.string()),
  workspaces: v.optional(
    v.union([
      v.array(v.string()),
      v.pipe(
        v.object({ packages: v.array(v.string()) }),
        v.transform((one) => one.packages),
      ),
    ]),
  ),
  dependencies: dependenciesSchema,
  optionalDependencies: dependenciesSchema,
  peerDependencies: dependenciesSchema,
  devDependencies: dependenciesSchema,
});
const pnpmSchema = v.object({ packages: v.array(v.string()) });

type Package = v.InferOutput<typeof packageSchema>;

/** The packages of one workspace. */
interface Workspace {
  folders: readonly string[];
  /** Folders by the names of their packages. */
  byName: ReadonlyMap<string, string>;
}

const NO_WORKSPACE: Workspace = { folders: [], byName: new Map() };

/** A dependency on a folder, of npm, pnpm and yarn. */
const BY_PATH = /^(?:file|link|portal):(.+)$|^workspace:(\.{1,2}\/.*)$/;

/** A workspace package under another name: `workspace:@acme/ui@*`. */
const ALIAS = /^workspace:((?:@[^@/]+\/)?[^@/*^~]+)@/;

/**
 * The packages of workspaces of npm, pnpm, yarn and bun. A package belongs to the workspace of the innermost folder around
 * it that has one.
 */
export function javascriptPackages(tree: RepositoryTree): PackageGraph {
  const packageOf = remembered((folder) => readPackage(tree, folder));
  const workspaceAt = remembered((folder) => readWorkspace(tree, folder, packageOf));
  const workspaceOf = async (folder: string): Promise<Workspace> => {
    for (const around of foldersAround(folder)) {
      const found = await workspaceAt(around);
      if (found !== undefined) {
        return found;
      }
    }
    return NO_WORKSPACE;
  };
  return {
    below: async (folder) => (await workspaceOf(folder)).folders.filter((one) => liesIn(one, folder)),
    async needs(folder) {
      const found = await packageOf(folder);
      return found === undefined ? NOTHING : needsOf(found, folder, await workspaceOf(folder));
    },
  };
}

function needsOf(found: Package, folder: string, { byName }: Workspace): Needs {
  const folders = (dependencies: Record<string, unknown>) =>
    Object.entries(dependencies)
      .map(([name, wanted]) => folderOf(name, typeof wanted === 'string' ? wanted : '', { folder, byName }))
      .filter((one) => one !== undefined);
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = found;
  return {
    runtime: [dependencies, optionalDependencies, peerDependencies].flatMap(folders),
    development: folders(devDependencies),
  };
}

function folderOf(
  name: string,
  wanted: string,
  { folder, byName }: { folder: string; byName: ReadonlyMap<string, string> },
): string | undefined {
  const [, file, workspace] = BY_PATH.exec(wanted) ?? [];
  const path = file ?? workspace;
  if (path !== undefined) {
    return inside(path, folder);
  }
  return wanted.startsWith('npm:') ? undefined : byName.get(ALIAS.exec(wanted)?.[1] ?? name);
}

async function readWorkspace(
  tree: RepositoryTree,
  folder: string,
  packageOf: (folder: string) => Promise<Package | undefined>,
): Promise<Workspace | undefined> {
  const pnpm = await tree.read(fileIn(folder, 'pnpm-workspace.yaml'));
  const patterns =
    (pnpm === undefined ? undefined : readData(pnpmSchema, () => yamlDocument(pnpm).document.toJS())?.packages) ??
    (await packageOf(folder))?.workspaces;
  if (patterns === undefined) {
    return undefined;
  }
  const folders = await memberFolders(tree, folder, patterns);
  const names = await Promise.all(folders.map(async (one) => (await packageOf(one))?.name));
  const named = folders.flatMap((one, index): [string, string][] => {
    const name = names[index];
    return name === undefined ? [] : [[name, one]];
  });
  return { folders: named.map(([, one]) => one), byName: new Map(named) };
}

async function readPackage(tree: RepositoryTree, folder: string): Promise<Package | undefined> {
  const text = await tree.read(fileIn(folder, 'package.json'));
  return text === undefined ? undefined : readData(packageSchema, () => JSON.parse(text));
}
