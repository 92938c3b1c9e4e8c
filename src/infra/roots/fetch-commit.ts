import { fetchCommits, present, shallowBoundary } from '../../git/commits.js';
import type { Git } from '../../git/git.js';

/**
 * Fetches a commit that the checkout does not have: alone, where the checkout is shallow.
 *
 * @throws Error with git's words where the server does not give it
 */
export async function fetchCommit(git: Git, commit: string): Promise<void> {
  if ((await present(git, [commit])).length > 0) {
    return;
  }
  const depth = (await shallowBoundary(git)).size > 0 ? ['--depth=1'] : [];
  const fetched = await fetchCommits(git, [...depth, git.url, commit]);
  if (!fetched.ok) {
    throw new Error(`The commit ${commit.slice(0, 7)} could not be fetched: ${fetched.problem}`);
  }
}
