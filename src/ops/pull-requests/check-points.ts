import type { RepositoryState } from '../repository/repository-state.js';

/** What a proposal costs in GraphQL's points at most: its branch and pull requests are read, and written in two documents. */
const POINTS_A_PROPOSAL = 0.5;

/**
 * Checks that a run fits into what is left of the hour. GitHub refuses the first document that does not, in the middle of the
 * work.
 *
 * @throws Error saying when there is enough, before anything is written
 */
export function checkPoints({ points }: Pick<RepositoryState, 'points'>, proposals: number): void {
  const needed = Math.ceil(proposals * POINTS_A_PROPOSAL) + 1;
  if (points === undefined || needed <= points.remaining) {
    return;
  }
  const until = points.resetAt.toISOString().slice(11, 16);
  throw new Error(
    `Nothing was written: ${proposals} pull requests take up to ${needed} points of GitHub's GraphQL API, and the token has ` +
      `${points.remaining} left until ${until} UTC. Run it again after that, or for fewer apps or environments at a time. ` +
      'The token of a GitHub App has 5,000 points an hour, the own one of a workflow 1,000.',
  );
}
