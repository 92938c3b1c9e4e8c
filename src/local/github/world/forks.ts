/** Pull requests from forks: where their head branch is, and fetching its commits into the parent. */
import { git } from '../git/run.js';
import type { PullRecord } from './records.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/**
 * The repository of an owner that pull requests into `repository` may come from: itself or a fork of it.
 *
 * @returns `undefined` when the owner has none
 */
export function headRepositoryOf(world: World, repository: Repository, owner: string): Repository | undefined {
  const candidates = [repository, ...forksOf(world, repository)];
  return candidates.find((candidate) => candidate.owner.login.toLowerCase() === owner.toLowerCase());
}

export function forksOf(world: World, repository: Repository): Repository[] {
  return [...world.repositories.values()].filter(({ parent }) => parent === repository);
}

/** Whether the commits of a pull request come from another repository. */
export function isFromFork(repository: Repository, pull: PullRecord): boolean {
  return pull.headRepository !== repository;
}

/** `owner:branch`, as GitHub names the head of a pull request. */
export function headLabel({ headRepository, headRef }: Pick<PullRecord, 'headRepository' | 'headRef'>): string {
  return `${headRepository.owner.login}:${headRef}`;
}

/** Open pull requests, of any repository, whose head is this branch. */
export function openPullsFrom(world: World, head: Repository, branch: string) {
  return [...world.repositories.values()].flatMap((repository) =>
    [...repository.pulls.values()]
      .filter((pull) => pull.state === 'open' && pull.headRepository === head && pull.headRef === branch)
      .map((pull) => ({ repository, pull })),
  );
}

/** Fetches a branch of a fork, so that the repository can show and merge its commits; does nothing for its own branch. */
export async function bringCommits(repository: Repository, head: Repository, branch: string): Promise<void> {
  if (head !== repository) {
    const quiet = ['--quiet', '--no-tags', '--no-write-fetch-head'];
    await git(repository.gitDir, ['fetch', ...quiet, head.gitDir, `refs/heads/${branch}`]);
  }
}
