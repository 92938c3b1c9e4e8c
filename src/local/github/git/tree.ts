import type { ObjectStore } from './objects.js';

/** One entry of a git tree. `mode` is octal text as git stores it: `100644`, `100755`, `40000`, `120000`, `160000`. */
export interface TreeEntry {
  mode: string;
  name: string;
  oid: string;
}

/** What a path shall hold after an edit; `null` deletes it. Without `mode` a present file keeps its own. */
export type TreeEdit = { oid: string; mode?: string } | null;

/** Reads git's binary tree format. */
export function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const end = content.indexOf(0, space);
    entries.push({
      mode: content.toString('latin1', at, space),
      name: content.toString('utf8', space + 1, end),
      oid: content.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** Writes git's binary tree format, in git's order: names as bytes, folders as if they ended in `/`. */
export function formatTree(entries: TreeEntry[]): Buffer {
  const sorted = entries.map((entry) => ({ entry, key: Buffer.from(isFolder(entry) ? `${entry.name}/` : entry.name) }));
  sorted.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat(
    sorted.flatMap(({ entry }) => [Buffer.from(`${entry.mode} ${entry.name}\0`), Buffer.from(entry.oid, 'hex')]),
  );
}

export function isFolder(entry: TreeEntry): boolean {
  return entry.mode === '40000';
}

/**
 * Makes a new tree from an old one; the cost follows the changed paths and never the size of the repository.
 *
 * @param root id of the old tree, `undefined` for an empty one
 * @param edits by `/`-separated path
 * @returns id of the new tree, `undefined` when nothing is left in it
 */
export async function editTree(
  objects: ObjectStore,
  root: string | undefined,
  edits: ReadonlyMap<string, TreeEdit>,
): Promise<string | undefined> {
  const old = root === undefined ? undefined : await objects.read(root);
  const entries = new Map(old === undefined ? [] : parseTree(old.content).map((entry) => [entry.name, entry]));
  const deeper = new Map<string, Map<string, TreeEdit>>();
  for (const [path, edit] of edits) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      applyEdit(entries, path, edit);
    } else {
      const folder = deeper.get(path.slice(0, slash)) ?? new Map<string, TreeEdit>();
      folder.set(path.slice(slash + 1), edit);
      deeper.set(path.slice(0, slash), folder);
    }
  }
  for (const [name, inner] of deeper) {
    const entry = entries.get(name);
    const oid = await editTree(objects, entry !== undefined && isFolder(entry) ? entry.oid : undefined, inner);
    if (oid !== undefined) {
      entries.set(name, { mode: '40000', name, oid });
    } else if (entry !== undefined && isFolder(entry)) {
      entries.delete(name);
    }
  }
  return entries.size === 0 ? undefined : objects.write('tree', formatTree([...entries.values()]));
}

function applyEdit(entries: Map<string, TreeEntry>, name: string, edit: TreeEdit): void {
  if (edit === null) {
    entries.delete(name);
    return;
  }
  const present = entries.get(name);
  const mode = edit.mode ?? (present !== undefined && !isFolder(present) ? present.mode : '100644');
  entries.set(name, { mode, name, oid: edit.oid });
}
