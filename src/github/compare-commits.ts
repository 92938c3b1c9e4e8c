import type { Connected } from './connected.js';

/**
 * Compares two commits or branches: how many commits the second one has that the first lacks, and whether it comes after it.
 *
 * @param most commits that are listed
 * @throws what a failed request throws, also for a commit that nobody has; it takes `contents: read`
 * @see https://docs.github.com/rest/commits/commits#compare-two-commits
 */
export async function compareCommits(
  { github, repository: { owner, name: repo } }: Pick<Connected, 'github' | 'repository'>,
  from: string,
  to: string,
  most = 1,
) {
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    ...{ owner, repo, basehead: `${from}...${to}`, per_page: most },
  });
  return data;
}
