import { posix } from 'node:path';
import type { Change } from './change.js';
import type { Entry, TreeReader } from './tree-reader.js';

/** A tree as it would be after a change. */
export function changedTree(tree: TreeReader, { files, deletions = [] }: Change): TreeReader {
  const gone = new Set(deletions);
  return {
    async read(path) {
      return files.get(path) ?? (gone.has(path) ? undefined : tree.read(path));
    },
    async list(path) {
      const own = (await tree.list(path)) ?? [];
      const left = await Promise.all(
        own.map(async (entry) => ((await isEmptied(tree, gone, inside(path, entry.name), entry)) ? [] : [entry])),
      );
      const added = [...files.keys()].flatMap((file) => entryOf(path, file));
      const entries = new Map([...left.flat(), ...added].map((entry) => [entry.name, entry]));
      return entries.size === 0 && path !== '' ? undefined : [...entries.values()];
    },
  };
}

function inside(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether an entry is deleted. A folder is when all of its files are, because git has no empty folders. */
async function isEmptied(tree: TreeReader, gone: ReadonlySet<string>, path: string, entry: Entry): Promise<boolean> {
  if (entry.type === 'file') {
    return gone.has(path);
  }
  if (![...gone].some((deleted) => deleted.startsWith(`${path}/`))) {
    return false;
  }
  const entries = (await tree.list(path)) ?? [];
  const emptied = await Promise.all(entries.map((each) => isEmptied(tree, gone, inside(path, each.name), each)));
  return emptied.every(Boolean);
}

/** The entry of a folder that a file below it makes. */
function entryOf(folder: string, file: string): Entry[] {
  if (folder !== '' && !file.startsWith(`${folder}/`)) {
    return [];
  }
  const rest = folder === '' ? file : posix.relative(folder, file);
  const [name = '', ...deeper] = rest.split('/');
  return [{ name, type: deeper.length === 0 ? 'file' : 'folder' }];
}
