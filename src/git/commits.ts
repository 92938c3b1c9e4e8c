import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { askServer } from './ask-server.js';
import type { Git, GitResult } from './git.js';

/** Those of the commits that the local repository has. */
export async function present(git: Git, commits: readonly string[]): Promise<string[]> {
  return [...(await objectTypes(git, commits))].filter(([, type]) => type === 'commit').map(([id]) => id);
}

/** The types of those of the objects that the local repository has: `commit`, `tree`, `blob`, `tag`. */
export async function objectTypes(git: Git, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) {
    return new Map();
  }
  const answer = await git.read(['cat-file', '--batch-check'], ids.map((id) => `${id}\n`).join(''));
  const found = answer.split('\n').map((line) => line.split(' '));
  return new Map(found.flatMap(([id = '', type = '', size]) => (size === undefined ? [] : [[id, type]])));
}

/** Commits where a shallow clone ends; none in a full one. @see https://git-scm.com/docs/shallow */
export async function shallowBoundary(git: Git): Promise<Set<string>> {
  const shallow = await git.read(['rev-parse', '--is-shallow-repository']);
  if (shallow.trim() !== 'true') {
    return new Set();
  }
  const file = (await git.read(['rev-parse', '--git-path', 'shallow'])).trimEnd();
  const text = await readFile(resolve(git.cwd, file), 'utf8');
  return new Set(text.split('\n').filter((line) => line !== ''));
}

/**
 * Fetches commits from the server without leaving a trace: no tags, no `FETCH_HEAD`, no housekeeping.
 *
 * @param args depth and address, then refs or full commit ids
 * @returns what git said, whether it worked or not
 */
export function fetchCommits(git: Git, args: readonly string[]): Promise<GitResult> {
  const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'];
  return askServer(git, ['fetch', ...quiet, ...args]);
}
