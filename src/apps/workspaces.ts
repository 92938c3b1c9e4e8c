import picomatch from 'picomatch';
import * as v from 'valibot';
import { parse } from 'yaml';
import type { App } from './app.js';
import { inside } from './config.js';
import type { RepositoryTree } from './tree.js';

/** How deep a pattern with `**` is followed. */
const DEEPEST = 4;

/** Folders that hold no packages of the workspace. */
const NO_PACKAGE = /^\.|^node_modules$/;

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

/**
 * The apps with the folders of the workspace packages that they depend on, directly and by other packages, as npm, pnpm and
 * yarn know them. Files are read as data and nothing is run. A repository without workspaces has none, and so has an app
 * whose `package.json` cannot be read.
 */
export async function withDependencies(tree: RepositoryTree, apps: readonly App[]): Promise<App[]> {
  const patterns = await workspacePatterns(tree);
  if (patterns.length === 0) {
    return [...apps];
  }
  const packages = await readPackages(tree, patterns);
  return Promise.all(
    apps.map(async (app) => {
      const own = app.path === '.' ? undefined : await readPackage(tree, app.path);
      const dependencies = own === undefined ? [] : reach(own, packages).filter((folder) => folder !== app.path);
      return dependencies.length === 0 ? app : { ...app, dependencies };
    }),
  );
}

async function workspacePatterns(tree: RepositoryTree): Promise<string[]> {
  const pnpm = await tree.read('pnpm-workspace.yaml');
  const patterns =
    pnpm === undefined ? (await readPackage(tree, '.'))?.workspaces : read(pnpmSchema, () => parse(pnpm))?.packages;
  return patterns ?? [];
}

/** Packages by name, with their folders. */
async function readPackages(
  tree: RepositoryTree,
  patterns: readonly string[],
): Promise<Map<string, { folder: string; content: Package }>> {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map((pattern) => inside(pattern) ?? '');
  const matches = picomatch(
    wanted.filter((pattern) => pattern !== ''),
    {
      ignore: patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
    },
  );
  const deepest = Math.max(
    0,
    ...wanted.map((pattern) => (pattern.includes('**') ? DEEPEST : pattern.split('/').length)),
  );
  const packages = new Map<string, { folder: string; content: Package }>();
  for (const folder of (await foldersBelow(tree, '.', deepest)).filter((one) => matches(one))) {
    const content = await readPackage(tree, folder);
    if (content?.name !== undefined) {
      packages.set(content.name, { folder, content });
    }
  }
  return packages;
}

async function foldersBelow(tree: RepositoryTree, folder: string, depth: number): Promise<string[]> {
  const entries = depth === 0 ? [] : ((await tree.list(folder)) ?? []);
  const folders = entries
    .filter(({ kind, name }) => kind === 'folder' && !NO_PACKAGE.test(name))
    .map(({ name }) => (folder === '.' ? name : `${folder}/${name}`));
  const below = await Promise.all(folders.map((one) => foldersBelow(tree, one, depth - 1)));
  return folders.flatMap((one, index) => [one, ...(below[index] ?? [])]);
}

/** Folders of the packages that one reaches; a circle ends. What only develops or tests a package does not count for others. */
function reach(from: Package, packages: ReadonlyMap<string, { folder: string; content: Package }>): string[] {
  const folders = new Set<string>();
  const queue = [...runtime(from), ...Object.keys(from.devDependencies)];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const found = packages.get(name);
    if (found !== undefined && !folders.has(found.folder)) {
      folders.add(found.folder);
      queue.push(...runtime(found.content));
    }
  }
  return [...folders].sort();
}

function runtime({ dependencies, optionalDependencies, peerDependencies }: Package): string[] {
  return [dependencies, optionalDependencies, peerDependencies].flatMap((one) => Object.keys(one));
}

async function readPackage(tree: RepositoryTree, folder: string): Promise<Package | undefined> {
  const text = await tree.read(folder === '.' ? 'package.json' : `${folder}/package.json`);
  return text === undefined ? undefined : read(packageSchema, () => JSON.parse(text));
}

function read<S extends v.GenericSchema>(schema: S, value: () => unknown): v.InferOutput<S> | undefined {
  try {
    const parsed = v.safeParse(schema, value());
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
