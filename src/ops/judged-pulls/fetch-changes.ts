import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchCommits } from '../../git/commits.js';
import { type Git, openGit } from '../../git/git.js';
import { applyChange } from '../judgement/apply-change.js';
import type { RepositoryChange } from '../judgement/repository-change.js';
import { type CommitReader, commitReader } from '../tree/commit-files.js';
import type { OpenPull } from './open-pulls.js';

/** Where to fetch from, and with what. */
export interface Remote {
  serverUrl: string;
  /** `owner/name`. */
  repository: string;
  token: string;
}

/** What a pull request would do to the branch that it goes into as that is now, or why that is not known: a sentence. */
export type PullChange = { change: RepositoryChange } | { problem: string };

/**
 * Fetches a branch and GitHub's merges of pull requests into it, all in one go and without their history, and says what each
 * would do to the newest commit. Nothing is checked out, and nothing of it runs.
 *
 * @param head newest commit of the branch
 * @param scratch an empty folder
 * @returns by number
 * @throws Error with git's words where the branch cannot be fetched
 */
export async function fetchChanges(
  remote: Remote,
  head: string,
  pulls: readonly OpenPull[],
  scratch: string,
): Promise<ReadonlyMap<number, PullChange>> {
  const folder = join(scratch, 'git');
  await mkdir(folder, { recursive: true });
  const git = openGit({ cwd: folder, ...remote });
  await git.read(['init', '--quiet', '--bare', folder]);
  const merges = pulls.flatMap(({ merge }) => merge?.oid ?? []);
  const missing = await fetchAll(git, head, merges);
  const reader = commitReader(git);
  const now = await reader.files(head);
  const found = await Promise.all(
    pulls.map(async (pull) => [pull.number, await changeOf(reader, now, pull, missing)] as const),
  );
  return new Map(found);
}

/** @returns commits that the server no longer gives: of a pull request that was pushed to meanwhile */
async function fetchAll(git: Git, head: string, merges: readonly string[]): Promise<ReadonlySet<string>> {
  const all = await fetchCommits(git, ['--depth=2', git.url, head, ...merges]);
  if (all.ok) {
    return new Set();
  }
  const alone = await fetchCommits(git, ['--depth=1', git.url, head]);
  if (!alone.ok) {
    throw new Error(`Could not fetch ${head} from ${git.url}: ${alone.problem}. The token needs "contents: read".`);
  }
  const missing = new Set<string>();
  for (const oid of merges) {
    const fetched = await fetchCommits(git, ['--depth=2', git.url, oid]);
    if (!fetched.ok) {
      missing.add(oid);
    }
  }
  return missing;
}

async function changeOf(
  reader: CommitReader,
  now: Awaited<ReturnType<CommitReader['files']>>,
  { conflicts, merge }: OpenPull,
  missing: ReadonlySet<string>,
): Promise<PullChange> {
  if (conflicts) {
    return { problem: 'It conflicts with the branch that it goes into: resolve that.' };
  }
  if (merge === undefined || missing.has(merge.oid)) {
    return {
      problem: 'GitHub has not merged its head on trial yet: it is judged as soon as that is there.',
    };
  }
  const [from, to] = await Promise.all([reader.files(merge.base), reader.files(merge.oid)]);
  const applied = applyChange(now, from, to, (entries) => reader.with(entries));
  return 'change' in applied
    ? applied
    : {
        problem: `The branch that it goes into has changed ${applied.conflict} too, and GitHub has not merged that on trial yet: it is judged as soon as that is there.`,
      };
}
