import type { App } from '../app.js';
import { liesIn } from '../lies-in.js';
import type { RepositoryTree } from '../tree.js';
import { cargoCrates } from './cargo.js';
import { goModules } from './go.js';
import { javascriptPackages } from './javascript.js';
import { nxProjects } from './nx.js';
import type { PackageGraph } from './package-graph.js';

/**
 * The apps with the folders of the packages that they depend on, directly and by other packages, as workspaces of npm, pnpm
 * and yarn, Nx, Go and Cargo know them. Files are read as data and nothing is run.
 *
 * @param more what is known beyond that
 */
export async function withDependencies(
  tree: RepositoryTree,
  apps: readonly App[],
  more: readonly PackageGraph[] = [],
): Promise<App[]> {
  const graphs = [javascriptPackages(tree), await nxProjects(tree), goModules(tree), cargoCrates(tree), ...more];
  return Promise.all(
    apps.map(async (app) => {
      const dependencies = app.path === '.' ? [] : await reach(app.path, graphs);
      return dependencies.length === 0 ? app : { ...app, dependencies };
    }),
  );
}

/** Folders of the packages that those of an app need; a circle ends. */
async function reach(path: string, graphs: readonly PackageGraph[]): Promise<string[]> {
  const below = await Promise.all(graphs.map((graph) => graph.below(path)));
  const own = await needsOf([path, ...below.flat()], graphs);
  const reached = new Set<string>();
  const queue = own.flatMap(({ runtime, development }) => [...runtime, ...development]);
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (!reached.has(folder) && !liesIn(folder, path)) {
      reached.add(folder);
      queue.push(...(await needsOf([folder], graphs)).flatMap(({ runtime }) => runtime));
    }
  }
  return [...reached].sort();
}

function needsOf(folders: readonly string[], graphs: readonly PackageGraph[]) {
  return Promise.all([...new Set(folders)].flatMap((folder) => graphs.map((graph) => graph.needs(folder))));
}
