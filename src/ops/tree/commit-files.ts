import DataLoader from 'dataloader';
import type { Git } from '../../git/git.js';
import { readBlobs } from '../../git/read-blobs.js';
import type { Entry, TreeReader } from './tree-reader.js';

/** The files of a commit as git has them, without a checkout: no filter and no attribute of the commit touches them. */
export interface CommitFiles {
  tree: TreeReader;
  /** Paths of all files, symbolic links and submodules. */
  paths: readonly string[];
  /** Paths that are symbolic links or submodules. `read` throws for them. */
  links: readonly string[];
  /** The path that a symbolic link says, as it says it; `undefined` for anything else. */
  linkText(path: string): Promise<string | undefined>;
  /** What is at each path: mode and id. */
  entries: ReadonlyMap<string, FileEntry>;
}

/** What git has at a path. */
export interface FileEntry {
  mode: string;
  id: string;
  /** In bytes; 0 for what is no file. */
  size: number;
}

/** Files larger than this hold no configuration that people write. */
const MOST_BYTES = 2_000_000;
/** Objects that one call of git reads. */
const BATCH = 2_000;

/** Reads the files of commits. */
export interface CommitReader {
  /** The files of a commit. @throws Error with git's words where the repository lacks it */
  files(oid: string): Promise<CommitFiles>;
  /** Files that no commit has together. */
  with(entries: ReadonlyMap<string, FileEntry>): CommitFiles;
}

/** Reads commits of a repository, each object of it once. */
export function commitReader(git: Git): CommitReader {
  const blobs = new DataLoader((ids: readonly string[]) => readBlobs(git, ids), { maxBatchSize: BATCH });
  return {
    async files(oid) {
      const listed = await git.read(['ls-tree', '-r', '-z', '-l', '--full-tree', oid]);
      const entries = new Map(listed.split('\0').flatMap(entryOf));
      return commitFiles(entries, (id) => blobs.load(id));
    },
    with: (entries) => commitFiles(entries, (id) => blobs.load(id)),
  };
}

/** `100644 blob <id>    <size>\t<path>` */
function entryOf(line: string): [string, FileEntry][] {
  const match = /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line);
  const [, mode, id, size, path] = match ?? [];
  return mode === undefined || id === undefined || path === undefined
    ? []
    : [[path, { mode, id, size: size === '-' ? 0 : Number(size) }]];
}

/**
 * The files that entries stand for.
 *
 * @param blob the content of an object by its id
 */
export function commitFiles(
  entries: ReadonlyMap<string, FileEntry>,
  blob: (id: string) => Promise<Buffer>,
): CommitFiles {
  const folders = foldersOf(entries.keys());
  return {
    ...{ entries, paths: [...entries.keys()] },
    links: [...entries].filter(([, { mode }]) => !mode.startsWith('100')).map(([path]) => path),
    async linkText(path) {
      const entry = entries.get(path);
      return entry?.mode === '120000' ? (await blob(entry.id)).toString('utf8') : undefined;
    },
    tree: {
      async read(path) {
        const entry = entries.get(path);
        return entry === undefined ? undefined : textOf(path, entry, blob);
      },
      async list(path) {
        return folders.get(path);
      },
    },
  };
}

async function textOf(
  path: string,
  { mode, id, size }: FileEntry,
  blob: (id: string) => Promise<Buffer>,
): Promise<string> {
  if (!mode.startsWith('100')) {
    throw new Error(
      `${path} is a symbolic link or a submodule, which is not followed. Put the files themselves there.`,
    );
  }
  if (size > MOST_BYTES) {
    throw new Error(`${path} has ${size} bytes, expected at most ${MOST_BYTES}.`);
  }
  const content = await blob(id);
  if (content.includes(0)) {
    throw new Error(`${path} is a binary file, expected text.`);
  }
  return content.toString('utf8');
}

function foldersOf(paths: Iterable<string>): ReadonlyMap<string, Entry[]> {
  const folders = new Map<string, Map<string, Entry>>([['', new Map()]]);
  for (const path of paths) {
    const names = path.split('/');
    for (const [index, name] of names.entries()) {
      const folder = names.slice(0, index).join('/');
      const entries = folders.get(folder) ?? new Map<string, Entry>();
      entries.set(name, { name, type: index === names.length - 1 ? 'file' : 'folder' });
      folders.set(folder, entries);
    }
  }
  return new Map([...folders].map(([folder, entries]) => [folder, [...entries.values()]]));
}
