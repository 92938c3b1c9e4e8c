import type { RepositoryTree } from '../tree.js';
import { fileIn } from './package-graph.js';

/** Folders without packages of the module, by Go's own rule. */
const NO_PACKAGES = /^[._]|^(?:testdata|vendor|node_modules)$/;

/** Where the imports of a source end: at its first declaration. */
const DECLARATION = /^(?:func|type|var|const)\b/m;

/** What the sources of a module import. */
export interface GoImports {
  /** Paths of packages. */
  sources: ReadonlySet<string>;
  /** Those of tests alone. */
  tests: ReadonlySet<string>;
}

/**
 * The packages that the sources of a Go module import. In a workspace Go finds modules by these, also where no `require`
 * names them.
 *
 * @param folder of the module; modules inside of it are others
 * @see https://go.dev/ref/spec#Import_declarations
 */
export async function readGoImports(tree: RepositoryTree, folder: string): Promise<GoImports> {
  const found = { sources: new Set<string>(), tests: new Set<string>() };
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const entries = (await tree.list(at)) ?? [];
    if (at !== folder && entries.some(({ name }) => name === 'go.mod')) {
      continue;
    }
    for (const { name, kind } of entries) {
      if (kind === 'folder' && !NO_PACKAGES.test(name)) {
        waiting.push(fileIn(at, name));
      } else if (kind === 'file' && name.endsWith('.go')) {
        const paths = name.endsWith('_test.go') ? found.tests : found.sources;
        for (const path of importsOf((await tree.read(fileIn(at, name))) ?? '')) {
          paths.add(path);
        }
      }
    }
  }
  return found;
}

/** The texts in quotes before the first declaration: imports, and what a comment says, which is no path of a module. */
function importsOf(source: string): string[] {
  const end = DECLARATION.exec(source)?.index ?? source.length;
  return [...source.slice(0, end).matchAll(/"([^"\s]{1,500})"|`([^`\s]{1,500})`/g)].map(
    ([, quoted, raw]) => quoted ?? raw ?? '',
  );
}
