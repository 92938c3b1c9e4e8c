import type { TreeReader } from './tree-reader.js';

/** The paths of all files in a folder and the folders in it; none where it is not there. @throws whatever the tree throws */
export async function filesUnder(tree: TreeReader, folder: string): Promise<string[]> {
  const entries = (await tree.list(folder)) ?? [];
  const found = await Promise.all(
    entries.map(({ name, type }) => {
      const path = `${folder}/${name}`;
      return type === 'folder' ? filesUnder(tree, path) : [path];
    }),
  );
  return found.flat();
}
