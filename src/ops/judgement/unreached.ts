import type { Reach } from './reach.js';
import type { SideFiles } from './side-files.js';

/** What clusters take in before a change and after it, by environment. */
export type ReachedSides = ReadonlyMap<string, { before: Reach; after: Reach }>;

/** A changed path with the environments whose it is. */
interface OwnedPath {
  path: string;
  environments: readonly string[];
  isUnclear?: boolean;
}

/**
 * What clusters take in, and with it the changed files that are an environment's though nothing leads to them: those of every
 * environment, and those that the policy assigns. Their versions are judged like those of any other file.
 *
 * @param before the files before the change, and `after` those after it
 */
export function withUnreached(
  reach: ReachedSides,
  paths: readonly OwnedPath[],
  before: SideFiles,
  after: SideFiles,
): ReachedSides {
  return new Map(
    [...reach].map(([name, sides]) => {
      const own = paths
        .filter(({ environments }) => environments.includes(name))
        // What an environment no longer takes in changes nothing there by what it says, where it is told that it does not.
        .filter(({ path, isUnclear }) => !sides.after.files.has(path) && (isUnclear || !sides.before.files.has(path)))
        .map(({ path }) => path);
      const also = (side: Reach, files: SideFiles) => withFiles(side, own.filter(files.has));
      return [name, { before: also(sides.before, before), after: also(sides.after, after) }];
    }),
  );
}

function withFiles(reach: Reach, paths: readonly string[]): Reach {
  return paths.length === 0
    ? reach
    : { ...reach, files: new Map([...reach.files, ...paths.map(withItself)]), unled: new Set(paths) };
}

function withItself(path: string): [path: string, from: string] {
  return [path, path];
}
