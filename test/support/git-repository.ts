import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { git as runGit } from './git.js';

/** A repository on the disk, with its work tree. */
export interface GitRepository extends AsyncDisposable {
  root: string;
  /** Writes files and commits everything; gives the commit. */
  commit(files: Record<string, string>): Promise<string>;
  write(files: Record<string, string>): Promise<void>;
  git(...args: string[]): Promise<string>;
}

/** Opens a repository of one commit. */
export async function openGitRepository(files: Record<string, string>): Promise<GitRepository> {
  const repository = gitRepositoryAt(await mkdtemp(join(tmpdir(), 'ostack-workshop-')));
  await repository.git('init', '--quiet', '--initial-branch', 'main');
  await repository.commit(files);
  return repository;
}

/** A folder as a repository. */
export function gitRepositoryAt(root: string): GitRepository {
  const git = (...args: string[]) => runGit(root, args, { env: IDENTITY });
  const write = async (added: Record<string, string>) => {
    for (const [path, text] of Object.entries(added)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  };
  const commit = async (added: Record<string, string>) => {
    await write(added);
    await git('add', '.');
    await git('commit', '--quiet', '--message', 'feat: change');
    return git('rev-parse', 'HEAD');
  };
  return { root, git, write, commit, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

/** Commits made with these are the same in every run. */
const IDENTITY = {
  GIT_AUTHOR_DATE: '2026-03-01T12:00:00Z',
  GIT_COMMITTER_DATE: '2026-03-01T12:00:00Z',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
};
