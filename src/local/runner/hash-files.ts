import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { selectedByGlobs } from './patterns.js';

/**
 * GitHub's `hashFiles`: SHA-256 over the SHA-256 of each matching file. A pattern that starts with `!` excludes files.
 * Synchronous, because expressions are evaluated synchronously.
 *
 * @param workspace the folder searched
 * @param patterns globs relative to it
 * @returns hex; empty when no file matches
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#hashfiles
 */
export function hashFiles(workspace: string, patterns: string[]): string {
  const files = readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => selectedByGlobs(relative(workspace, file).split(sep).join('/'), patterns))
    .sort();
  if (files.length === 0) {
    return '';
  }
  const all = createHash('sha256');
  for (const file of files) {
    all.update(createHash('sha256').update(readFileSync(file)).digest());
  }
  return all.digest('hex');
}
