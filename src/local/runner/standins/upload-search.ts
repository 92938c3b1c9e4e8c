/** Finds the files of an artifact, and their paths in it. */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import type { ArtifactFile } from '../artifacts.js';

/**
 * Finds files by lines of paths and patterns; a line with `!` takes away. Their paths start where the searched places
 * have their last common folder.
 *
 * @param hidden whether files and folders whose names begin with a dot count
 * @see https://github.com/actions/upload-artifact#upload-using-multiple-paths-and-exclusions
 */
export async function findUpload(path: string, workspace: string, hidden: boolean): Promise<ArtifactFile[]> {
  const lines = path
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const found = new Set<string>();
  const roots: string[] = [];
  for (const line of lines) {
    const pattern = resolve(workspace, line.replace(/^!/, ''));
    const fits = picomatch([pattern, `${pattern}/**`], { dot: true });
    if (line.startsWith('!')) {
      for (const file of [...found].filter((one) => fits(one))) {
        found.delete(file);
      }
      continue;
    }
    const root = searchRoot(pattern);
    const isFile = (await stat(root).catch(() => undefined))?.isFile() === true;
    roots.push(isFile ? dirname(root) : root);
    for (const file of await walk(root, isFile)) {
      if (root === pattern || fits(file)) {
        found.add(file);
      }
    }
  }
  const base = commonFolder(roots);
  const shown = (file: string) => relative(base, file).split(sep);
  return [...found]
    .filter((file) => hidden || !shown(file).some((part) => part.startsWith('.')))
    .map((from) => ({ from, path: shown(from).join('/') }));
}

/** The part of a pattern before its first wildcard. */
function searchRoot(pattern: string): string {
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  return wild < 0 ? pattern : parts.slice(0, wild).join('/') || '/';
}

async function walk(path: string, isFile: boolean): Promise<string[]> {
  if (isFile) {
    return [path];
  }
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    entries.map(async (entry) => {
      const inside = join(path, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(inside).catch(() => undefined) : entry;
      return kind?.isDirectory() === true && !entry.isSymbolicLink()
        ? await walk(inside, false)
        : kind?.isFile() === true
          ? [inside]
          : [];
    }),
  );
  return files.flat();
}

function commonFolder(folders: string[]): string {
  const [first = [], ...rest] = folders.map((folder) => folder.split('/'));
  const differs = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  return first.slice(0, differs < 0 ? first.length : differs).join('/') || '/';
}
