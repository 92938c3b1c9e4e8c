import type { ObjectStore } from './objects.js';
import { isFolder, parseTree, type TreeEntry } from './tree.js';

/**
 * Paths of the files that differ between two trees, a renamed one under both its names. The cost follows what differs:
 * folders that are the same are not opened.
 *
 * @param from id of a tree, `undefined` for an empty one
 * @param to as `from`
 */
export async function changedPaths(
  objects: ObjectStore,
  from: string | undefined,
  to: string | undefined,
): Promise<string[]> {
  const [before, after] = [await entriesOf(objects, from), await entriesOf(objects, to)];
  const paths: string[] = [];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)];
    if (old?.oid === now?.oid && old?.mode === now?.mode) {
      continue;
    }
    if ((old !== undefined && !isFolder(old)) || (now !== undefined && !isFolder(now))) {
      paths.push(name);
    }
    const inside = await changedPaths(objects, folderOf(old), folderOf(now));
    paths.push(...inside.map((path) => `${name}/${path}`));
  }
  return paths;
}

async function entriesOf(objects: ObjectStore, tree: string | undefined): Promise<Map<string, TreeEntry>> {
  const object = tree === undefined ? undefined : await objects.read(tree);
  return new Map(object === undefined ? [] : parseTree(object.content).map((entry) => [entry.name, entry]));
}

function folderOf(entry: TreeEntry | undefined): string | undefined {
  return entry !== undefined && isFolder(entry) ? entry.oid : undefined;
}
