import { posix } from 'node:path';
import { objectsIn } from '../../../reconcilers/objects.js';
import { readUnlessOdd } from '../../../tree/read-unless-odd.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import type { MapValue } from '../../../yaml/values.js';

/** Files of a folder that are read: as many as tell what is there. */
const MOST_FILES = 100;

/** The objects of a folder. */
export interface FolderObjects {
  /** Empty for the root. */
  folder: string;
  /** Names of all of its files. */
  names: readonly string[];
  files: readonly { path: string; text: string; objects: readonly MapValue[] }[];
}

/** Reads the objects in the folders of some files: two requests, however many there are. */
export async function objectsBeside(tree: TreeReader, paths: readonly string[]): Promise<FolderObjects[]> {
  const folders = [...new Set(paths.map((path) => posix.dirname(path)).map((each) => (each === '.' ? '' : each)))];
  return Promise.all(
    folders.map(async (folder) => {
      const entries = (await tree.list(folder)) ?? [];
      const names = entries.filter(({ type }) => type === 'file').map(({ name }) => name);
      const read = names.filter((name) => /\.ya?ml$/.test(name)).slice(0, MOST_FILES);
      const files = await Promise.all(
        read.map(async (name) => {
          const path = posix.join(folder, name);
          const text = (await readUnlessOdd(tree, path)) ?? '';
          return { path, text, objects: objectsIn(text, path).map(({ object }) => object) };
        }),
      );
      return { folder, names, files };
    }),
  );
}
