import { type AppsHome, homeOf } from '../../../../apps/home.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { type OpenPullRequest, openPullRequests } from '../../../../github/pull-requests.js';
import { operationIn } from '../../../../github/try-operation.js';
import type { OpenPullRequests } from '../plan/open-pull-requests.js';

/** What is known of an apps repository at one time. */
export interface AppsRepository extends AppsHome {
  listedAt: Date;
  pullRequests: readonly OpenPullRequest[];
}

/**
 * Lists what is open in an apps repository and reads how it is set up: on the default branch, whose content has been
 * reviewed, and never in a pull request.
 *
 * @throws Error in words for people: a list that cannot be read whole is none
 */
export async function readAppsRepository({ github, repository }: Connected): Promise<AppsRepository> {
  const operation = operationIn(repository, 'list the open pull requests', 'pull-requests: read');
  const { listedAt, pullRequests, configText } = await attempt(operation, () => openPullRequests(github, repository));
  return { listedAt, pullRequests, ...homeOf(configText, repository) };
}

/** The same as the planner wants it. */
export function openPullRequestsIn(apps: Connected, { listedAt, pullRequests }: AppsRepository): OpenPullRequests {
  return {
    repository: nameOf(apps),
    listedAt,
    open: pullRequests.map(({ number, headOid: head }) => ({ number, head })),
  };
}
