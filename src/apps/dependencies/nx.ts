import picomatch from 'picomatch';
import * as v from 'valibot';
import { liesIn } from '../lies-in.js';
import type { RepositoryTree } from '../tree.js';
import { fileIn, foldersBelow, NOTHING, type PackageGraph } from './package-graph.js';
import { readData } from './read-data.js';

/** How deep projects are looked for. */
const DEEPEST = 6;

const names = v.optional(v.array(v.string()), []);
const projectSchema = v.object({ name: v.optional(v.string()), implicitDependencies: names, tags: names });
const packageSchema = v.object({ name: v.optional(v.string()), nx: v.optional(projectSchema) });

/** One project of Nx. */
interface Project {
  folder: string;
  name: string;
  tags: readonly string[];
  implicit: readonly string[];
}

/**
 * The projects of Nx and what they name as `implicitDependencies`, in `project.json` or under `nx` of `package.json`. What Nx
 * infers from the packages of a workspace is known from these; without `nx.json` there are no projects.
 *
 * @see https://nx.dev/reference/project-configuration#implicitdependencies
 */
export async function nxProjects(tree: RepositoryTree): Promise<PackageGraph> {
  const used = (await tree.read('nx.json')) !== undefined;
  const folders = used ? await foldersBelow(tree, '.', DEEPEST) : [];
  const read = await Promise.all(folders.map((folder) => readProject(tree, folder)));
  const projects = read.filter((project) => project !== undefined);
  const byFolder = new Map(projects.map((project) => [project.folder, project]));
  return {
    below: async (folder) => projects.map((one) => one.folder).filter((one) => liesIn(one, folder)),
    async needs(folder) {
      const project = byFolder.get(folder);
      return project === undefined || project.implicit.length === 0
        ? NOTHING
        : { ...NOTHING, runtime: named(project.implicit, projects).filter((one) => one !== folder) };
    },
  };
}

/** Folders of the projects that names and patterns mean: `ui`, `ui-*`, `tag:shared`, and `!ui` for all but that. */
function named(patterns: readonly string[], projects: readonly Project[]): string[] {
  const means = (pattern: string) => {
    const tag = pattern.startsWith('tag:') ? pattern.slice(4) : undefined;
    const matches = picomatch(tag ?? pattern, { nonegate: true });
    return ({ name, tags }: Project) =>
      tag === undefined ? name === pattern || matches(name) : tags.some((one) => matches(one));
  };
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!')).map(means);
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => means(pattern.slice(1)));
  return projects
    .filter((project) => wanted.some((is) => is(project)) && !unwanted.some((is) => is(project)))
    .map(({ folder }) => folder);
}

async function readProject(tree: RepositoryTree, folder: string): Promise<Project | undefined> {
  const [own, found] = await Promise.all([
    readJson(tree, fileIn(folder, 'project.json'), projectSchema),
    readJson(tree, fileIn(folder, 'package.json'), packageSchema),
  ]);
  if (own === undefined && found === undefined) {
    return undefined;
  }
  return {
    folder,
    name: own?.name ?? found?.nx?.name ?? found?.name ?? folder.slice(folder.lastIndexOf('/') + 1),
    tags: [...(own?.tags ?? []), ...(found?.nx?.tags ?? [])],
    implicit: [...(own?.implicitDependencies ?? []), ...(found?.nx?.implicitDependencies ?? [])],
  };
}

async function readJson<S extends v.GenericSchema>(
  tree: RepositoryTree,
  path: string,
  schema: S,
): Promise<v.InferOutput<S> | undefined> {
  const text = await tree.read(path);
  return text === undefined ? undefined : readData(schema, () => JSON.parse(text));
}
