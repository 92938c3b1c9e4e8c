import { parse } from 'smol-toml';
import * as v from 'valibot';
import { inside } from '../config.js';
import { liesIn } from '../lies-in.js';
import type { RepositoryTree } from '../tree.js';
import { memberFolders } from './member-folders.js';
import { fileIn, foldersAround, NOTHING, type PackageGraph, remembered } from './package-graph.js';
import { readData } from './read-data.js';

/** A dependency with more than a version. */
const wantedSchema = v.object({
  path: v.optional(v.string()),
  workspace: v.optional(v.boolean()),
  /** The crate's own name, where the manifest calls it by another one. */
  package: v.optional(v.string()),
});
const tableSchema = v.optional(v.record(v.string(), v.unknown()), {});
const tables = {
  dependencies: tableSchema,
  'build-dependencies': tableSchema,
  'dev-dependencies': tableSchema,
};
const manifestSchema = v.object({
  ...tables,
  target: v.optional(v.record(v.string(), v.object(tables)), {}),
  package: v.optional(v.object({ workspace: v.optional(v.string()) })),
  workspace: v.optional(
    v.object({
      members: v.optional(v.array(v.string()), []),
      exclude: v.optional(v.array(v.string()), []),
      dependencies: tableSchema,
    }),
  ),
  /** By registry. */
  patch: v.optional(v.record(v.string(), tableSchema), {}),
});

type Manifest = v.InferOutput<typeof manifestSchema>;

/** The manifest of a workspace and its folder. */
interface Workspace {
  manifest: Manifest | undefined;
  root: string;
}

/**
 * The crates of Cargo workspaces, and those that a manifest takes from a folder: by `path`, by `workspace = true`, or by a
 * `[patch]` of the workspace.
 *
 * @see https://doc.rust-lang.org/cargo/reference/workspaces.html
 */
export function cargoCrates(tree: RepositoryTree): PackageGraph {
  const manifestOf = remembered((folder) => readManifest(tree, folder));
  const workspaceOf = async (folder: string): Promise<Workspace> => {
    const named = (await manifestOf(folder))?.package?.workspace;
    const around = named === undefined ? foldersAround(folder) : [inside(named, folder) ?? folder];
    for (const root of around) {
      const manifest = await manifestOf(root);
      if (manifest?.workspace !== undefined) {
        return { manifest, root };
      }
    }
    return { manifest: await manifestOf(folder), root: folder };
  };
  return {
    async below(folder) {
      const { manifest, root } = await workspaceOf(folder);
      const { members = [], exclude = [] } = manifest?.workspace ?? {};
      const folders = await memberFolders(tree, root, members);
      const left = exclude.map((path) => inside(path, root) ?? '');
      return folders.filter((one) => liesIn(one, folder) && !left.some((path) => liesIn(one, path)));
    },
    async needs(folder) {
      const manifest = await manifestOf(folder);
      if (manifest === undefined) {
        return NOTHING;
      }
      const workspace = await workspaceOf(folder);
      const folders = (table: Record<string, unknown>) =>
        Object.entries(table)
          .map(([name, wanted]) => folderOf(name, wanted, folder, workspace))
          .filter((one) => one !== undefined);
      const all = [manifest, ...Object.values(manifest.target)];
      return {
        runtime: all.flatMap((one) => [...folders(one.dependencies), ...folders(one['build-dependencies'])]),
        development: all.flatMap((one) => folders(one['dev-dependencies'])),
      };
    },
  };
}

function folderOf(name: string, wanted: unknown, folder: string, { manifest, root }: Workspace): string | undefined {
  const own = v.safeParse(wantedSchema, wanted);
  if (own.success && own.output.path !== undefined) {
    return inside(own.output.path, folder);
  }
  const shared = v.safeParse(wantedSchema, manifest?.workspace?.dependencies[name]);
  if (own.success && own.output.workspace === true && shared.success && shared.output.path !== undefined) {
    return inside(shared.output.path, root);
  }
  const called = [own, shared].map((one) => (one.success ? one.output.package : undefined));
  const crate = called.find((one) => one !== undefined) ?? name;
  const path = patchesOf(manifest).find((patch) => patch.crate === crate)?.path;
  return path === undefined ? undefined : inside(path, root);
}

/** What a workspace takes from folders in place of crates. */
function patchesOf(manifest: Manifest | undefined): { crate: string; path: string }[] {
  return Object.values(manifest?.patch ?? {})
    .flatMap((table) => Object.entries(table))
    .flatMap(([name, written]) => {
      const patch = v.safeParse(wantedSchema, written);
      return patch.success && patch.output.path !== undefined
        ? [{ crate: patch.output.package ?? name, path: patch.output.path }]
        : [];
    });
}

async function readManifest(tree: RepositoryTree, folder: string): Promise<Manifest | undefined> {
  const text = await tree.read(fileIn(folder, 'Cargo.toml'));
  return text === undefined ? undefined : readData(manifestSchema, () => parse(text));
}
