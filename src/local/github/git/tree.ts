import type { ObjectStore } from './objects.js';
import { findEntry, type TreeEntry } from './tree-entry.js';

/** The new content of a path; `null` deletes it. Without `mode` an existing file keeps its own, a new one is `100644`. */
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
 * Writes a new tree that differs from an old one in some paths. Trees of other folders are not read.
 *
 * @param root id of the old tree, `undefined` for an empty one
 * @param edits by `/`-separated path
 * @returns id of the new tree, `undefined` when it is empty
 */
export async function editTree(
  objects: ObjectStore,
  root: string | undefined,
  edits: ReadonlyMap<string, TreeEdit>,
): Promise<string | undefined> {
  const old = (root === undefined ? undefined : await objects.read(root))?.content ?? Buffer.alloc(0);
  const { here, deeper } = splitEdits(edits);
  for (const [name, inner] of deeper) {
    const entry = findEntry(old, name);
    const folder = entry !== undefined && isFolder(entry) ? entry.oid : undefined;
    const oid = await editTree(objects, folder, inner);
    if (oid !== undefined) {
      here.set(name, { oid, mode: '40000' });
    } else if (folder !== undefined) {
      here.set(name, null);
    }
  }
  const content = rewrite(old, here);
  return content.length === 0 ? undefined : objects.write('tree', content);
}

/** Edits of this tree's own entries, and those of the folders in it. */
function splitEdits(edits: ReadonlyMap<string, TreeEdit>) {
  const here = new Map<string, TreeEdit>();
  const deeper = new Map<string, Map<string, TreeEdit>>();
  for (const [path, edit] of edits) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      here.set(path, edit);
    } else {
      const folder = deeper.get(path.slice(0, slash)) ?? new Map<string, TreeEdit>();
      folder.set(path.slice(slash + 1), edit);
      deeper.set(path.slice(0, slash), folder);
    }
  }
  return { here, deeper };
}

/** Content of a tree after edits of its own entries. */
function rewrite(old: Buffer, edits: ReadonlyMap<string, TreeEdit>): Buffer {
  const entries = new Map(parseTree(old).map((entry) => [entry.name, entry]));
  for (const [name, edit] of edits) {
    applyEdit(entries, name, edit);
  }
  return formatTree([...entries.values()]);
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
