import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';

/** Report files by path, each with a text that changes when the file is written again. */
export type ReportFiles = ReadonlyMap<string, string>;

/** Folders that are not searched. */
const NEVER = new Set(['.git', 'node_modules', '.venv']);

/** Most files that are read; further ones are ignored. */
const MOST_FILES = 1000;

/**
 * The report files in a folder.
 *
 * @param patterns globs relative to the folder
 * @param except folders not to search, absolute: other apps inside this one
 * @returns absolute paths; symbolic links are not followed
 */
export async function findReports(
  folder: string,
  patterns: readonly string[],
  except: ReadonlySet<string> = new Set(),
): Promise<ReportFiles> {
  const matches = picomatch([...patterns], { dot: true });
  const found = new Map<string, string>();
  const waiting = [''];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true }).catch(() => [])) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      const full = join(folder, path);
      if (entry.isDirectory() && !NEVER.has(entry.name) && !except.has(full)) {
        waiting.push(path);
      } else if (entry.isFile() && matches(path) && found.size < MOST_FILES) {
        found.set(full, await stamp(full));
      }
    }
  }
  return found;
}

/** The files that are new, or have been written again. */
export function writtenSince(before: ReportFiles, after: ReportFiles): string[] {
  return [...after].flatMap(([path, mark]) => (before.get(path) === mark ? [] : [path])).sort();
}

async function stamp(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? '' : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`;
}
