import { createReadStream } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';

/** One file of a build context. */
export interface ContextFile {
  /** Relative to the context, `/`-separated. */
  path: string;
  kind: 'file' | 'link';
}

/** Never part of an image of the stand-in, as if `.dockerignore` named them. */
const IGNORED = new Set(['.git', 'node_modules']);

/** All files of a build context, sorted by path, whatever order the file system gives. */
export async function listContext(folder: string): Promise<ContextFile[]> {
  const files: ContextFile[] = [];
  const walk = async (inner: string): Promise<void> => {
    for (const entry of await readdir(join(folder, inner), { withFileTypes: true })) {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory() && !IGNORED.has(entry.name)) {
        await walk(path);
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        files.push({ path, kind: entry.isFile() ? 'file' : 'link' });
      }
    }
  };
  await walk('');
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Writes files as a tar archive that depends on nothing but their paths, contents, executable bits and `mtime`.
 *
 * @param mtime seconds since 1970
 */
export async function packContext(
  folder: string,
  files: readonly ContextFile[],
  mtime: number,
  to: Writable,
): Promise<void> {
  const archive = pack();
  const written = pipeline(archive, to);
  for (const { path, kind } of files) {
    const common = { name: path, mtime: new Date(mtime * 1000), uid: 0, gid: 0 };
    const source = join(folder, path);
    if (kind === 'link') {
      archive.entry({ ...common, type: 'symlink', linkname: await readlink(source), size: 0 });
      continue;
    }
    const { mode, size } = await stat(source);
    const entry = archive.entry({ ...common, size, mode: (mode & 0o100) === 0 ? 0o644 : 0o755 });
    await pipeline(createReadStream(source), entry);
  }
  archive.finalize();
  await written;
}

/** Whether the context has a file or folder that a `COPY` source names, wildcards included. */
export function hasSource(files: readonly ContextFile[], source: string): boolean {
  const wanted = source.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (wanted === '' || wanted === '.') {
    return true;
  }
  const pattern = new RegExp(`^${globPattern(wanted)}(?:/|$)`);
  return files.some(({ path }) => pattern.test(path));
}

/** A pattern of Go's `filepath.Match` as a regular expression. */
function globPattern(glob: string): string {
  return glob.replace(/\*\*|[*?]|\[[^\]]*\]|[.+^${}()|\\]/g, (part) => {
    const wild: Record<string, string> = { '**': '.*', '*': '[^/]*', '?': '[^/]' };
    return wild[part] ?? (part.startsWith('[') ? part.replace(/^\[!/, '[^') : `\\${part}`);
  });
}
