import type { HeldVersion } from './held-versions.js';
import type { Reach } from './reach.js';
import type { SideFiles } from './side-files.js';

/** One environment before and after a change. */
export interface Sides {
  environment: string;
  before: { files: SideFiles; reach: Reach };
  after: { files: SideFiles; reach: Reach };
  /** Files that change, or that the environment takes in anew. */
  fresh: readonly string[];
  /** Files whose versions may have run before. */
  known: readonly string[];
  held: readonly HeldVersion[];
}

/** What was found, and the file it is in. */
export interface Fresh<T> {
  path: string;
  found: T;
}

/**
 * What an environment gets: what stands in its fresh files, without what stood in the same file before where that was known.
 *
 * @param find what stands in a file of one side
 * @param isSame whether the second, from before, is the first
 */
export async function newIn<T>(
  { before, after, fresh, known }: Pick<Sides, 'before' | 'after' | 'fresh' | 'known'>,
  find: (files: SideFiles, path: string) => Promise<readonly T[]>,
  isSame: (one: T, old: T) => boolean,
): Promise<Fresh<T>[]> {
  const all: Fresh<T>[] = [];
  for (const path of fresh) {
    const found = await find(after.files, path);
    const old = found.length > 0 && known.includes(path) ? await find(before.files, path) : [];
    all.push(...found.filter((one) => !old.some((other) => isSame(one, other))).map((each) => ({ path, found: each })));
  }
  return all;
}
