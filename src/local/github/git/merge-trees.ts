import type { ObjectStore } from './objects.js';
import { formatTree, isFolder, parseTree, type TreeEntry } from './tree.js';

/**
 * Merges two trees where that takes no look into files: no file is changed by both sides, and nothing that both have was
 * taken away by one (which might be half of a rename).
 *
 * @param base tree that both come from, `undefined` for an empty one
 * @returns the merged tree; `undefined` where git has to be asked
 */
export async function mergeTrees(
  objects: ObjectStore,
  base: string | undefined,
  ours: string,
  theirs: string,
): Promise<string | undefined> {
  const [old, one, other] = await Promise.all([
    entriesOf(objects, base),
    entriesOf(objects, ours),
    entriesOf(objects, theirs),
  ]);
  if (old === undefined || one === undefined || other === undefined) {
    return undefined;
  }
  const merged: TreeEntry[] = [];
  for (const name of new Set([...old.keys(), ...one.keys(), ...other.keys()])) {
    const entry = await mergeEntry(objects, old.get(name), one.get(name), other.get(name));
    if (entry === undefined) {
      return undefined;
    }
    merged.push(entry);
  }
  return objects.write('tree', formatTree(merged));
}

async function mergeEntry(
  objects: ObjectStore,
  old: TreeEntry | undefined,
  one: TreeEntry | undefined,
  other: TreeEntry | undefined,
): Promise<TreeEntry | undefined> {
  if (one === undefined || other === undefined) {
    return old === undefined ? (one ?? other) : undefined;
  }
  if (isSame(one, other) || isSame(old, other)) {
    return one;
  }
  if (isSame(old, one)) {
    return other;
  }
  if (!isFolder(one) || !isFolder(other) || (old !== undefined && !isFolder(old))) {
    return undefined;
  }
  const oid = await mergeTrees(objects, old?.oid, one.oid, other.oid);
  return oid === undefined ? undefined : { ...one, oid };
}

function isSame(one: TreeEntry | undefined, other: TreeEntry): boolean {
  return one?.oid === other.oid && one.mode === other.mode;
}

async function entriesOf(objects: ObjectStore, oid: string | undefined): Promise<Map<string, TreeEntry> | undefined> {
  if (oid === undefined) {
    return new Map();
  }
  const tree = await objects.read(oid);
  return tree?.type === 'tree' ? new Map(parseTree(tree.content).map((entry) => [entry.name, entry])) : undefined;
}
