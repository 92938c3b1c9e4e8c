import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchCommits } from '../../git/commits.js';
import { openGit } from '../../git/git.js';
import type { RepositoryChange } from '../judgement/repository-change.js';
import { type CommitReader, commitReader } from '../tree/commit-files.js';
import type { Remote } from './fetch-changes.js';

/** Commits that were fetched. */
export interface Fetched {
  files: CommitReader;
  /** Those that the server no longer gives. */
  missing: ReadonlySet<string>;
}

/**
 * Fetches commits in one go and without their history. Nothing is checked out, and nothing of them runs.
 *
 * @param head one that the server has
 * @param scratch an empty folder
 * @throws Error with git's words where the head cannot be fetched
 */
export async function fetchFiles(
  remote: Remote,
  head: string,
  others: readonly string[],
  scratch: string,
): Promise<Fetched> {
  const folder = join(scratch, 'git');
  await mkdir(folder, { recursive: true });
  const git = openGit({ cwd: folder, ...remote });
  await git.read(['init', '--quiet', '--bare', folder]);
  const files = commitReader(git);
  const oids = [...new Set([head, ...others])];
  const all = await fetchCommits(git, ['--depth=1', git.url, ...oids]);
  if (all.ok) {
    return { files, missing: new Set() };
  }
  const missing = new Set<string>();
  for (const oid of oids) {
    const fetched = await fetchCommits(git, ['--depth=1', git.url, oid]);
    if (!fetched.ok && oid === head) {
      throw new Error(`Could not fetch ${head} from ${git.url}: ${fetched.problem}. The token needs "contents: read".`);
    }
    if (!fetched.ok) {
      missing.add(oid);
    }
  }
  return { files, missing };
}

/** What lies between two commits. */
export async function changeBetween(reader: CommitReader, before: string, after: string): Promise<RepositoryChange> {
  const [base, head] = await Promise.all([reader.files(before), reader.files(after)]);
  const paths = [...new Set([...base.paths, ...head.paths])];
  const isSame = (path: string) => {
    const [old, next] = [base.entries.get(path), head.entries.get(path)];
    return old?.id === next?.id && old?.mode === next?.mode;
  };
  return { base, head, changed: new Set(paths.filter((path) => !isSame(path))) };
}
