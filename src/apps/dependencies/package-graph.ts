import { inside } from '../config.js';
import type { RepositoryTree } from '../tree.js';

/** The folders that a package needs. */
export interface Needs {
  /** To be built and to run: what these need, it needs too. */
  runtime: readonly string[];
  /** To be developed and tested: nobody else needs these because of it. */
  development: readonly string[];
}

/** What the packages of a repository need of each other, as one package manager knows it. Files are read as data. */
export interface PackageGraph {
  /** Folders of the packages below a folder. */
  below(folder: string): Promise<readonly string[]>;
  /** What the package of a folder needs in this repository; nothing where there is none, or it cannot be read. */
  needs(folder: string): Promise<Needs>;
}

export const NOTHING: Needs = { runtime: [], development: [] };

/** Remembers the answers for folders: many packages ask about the same ones. */
export function remembered<T>(ask: (folder: string) => Promise<T>): (folder: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (folder) => {
    const answer = answers.get(folder) ?? ask(folder);
    answers.set(folder, answer);
    return answer;
  };
}

/** A file's path in a folder. */
export function fileIn(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

/** The folder and all around it, innermost first; the last is the root. */
export function foldersAround(folder: string): string[] {
  const around = [folder];
  for (let at = folder; at !== '.'; ) {
    at = inside('..', at) ?? '.';
    around.push(at);
  }
  return around;
}

/** Folders that hold no packages of the repository. */
const NO_PACKAGE = /^\.|^node_modules$/;

/** All folders below one, at most so many levels deep. */
export async function foldersBelow(tree: RepositoryTree, folder: string, depth: number): Promise<string[]> {
  const entries = depth === 0 ? [] : ((await tree.list(folder)) ?? []);
  const folders = entries
    .filter(({ kind, name }) => kind === 'folder' && !NO_PACKAGE.test(name))
    .map(({ name }) => fileIn(folder, name));
  const below = await Promise.all(folders.map((one) => foldersBelow(tree, one, depth - 1)));
  return folders.flatMap((one, index) => [one, ...(below[index] ?? [])]);
}
