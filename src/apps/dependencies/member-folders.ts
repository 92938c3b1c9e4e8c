import picomatch from 'picomatch';
import { inside } from '../config.js';
import type { RepositoryTree } from '../tree.js';
import { foldersBelow } from './package-graph.js';

/** How deep a pattern with `**` is followed. */
const DEEPEST = 4;

/**
 * The folders that patterns name, as the members of a workspace: `packages/*`, `libs/**`, `./tool`.
 *
 * @param root the folder that they are relative to
 * @param patterns one with `!` before it takes folders away; one that leaves the repository names none
 */
export async function memberFolders(
  tree: RepositoryTree,
  root: string,
  patterns: readonly string[],
): Promise<readonly string[]> {
  const wanted = resolved(
    root,
    patterns.filter((pattern) => !pattern.startsWith('!')),
  );
  const ignore = resolved(
    root,
    patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
  );
  if (wanted.length === 0) {
    return [];
  }
  const matches = picomatch(wanted, { ignore });
  const found = await Promise.all(wanted.map((pattern) => foldersNear(tree, pattern)));
  return [...new Set(found.flat())].filter((folder) => matches(folder));
}

/** The folders that a pattern may match. */
async function foldersNear(tree: RepositoryTree, pattern: string): Promise<string[]> {
  const { base, glob, isGlob } = picomatch.scan(pattern);
  const start = base === '' ? '.' : base;
  const depth = pattern.includes('**') ? DEEPEST : glob.split('/').length;
  return [start, ...(isGlob ? await foldersBelow(tree, start, depth) : [])];
}

function resolved(root: string, patterns: readonly string[]): string[] {
  return patterns.map((pattern) => inside(pattern, root)).filter((pattern) => pattern !== undefined);
}
