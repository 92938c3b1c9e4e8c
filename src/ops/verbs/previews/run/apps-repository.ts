import { type AppsSettings, settingsOf } from '../../../../apps/settings.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt } from '../../../../github/errors.js';
import { type OpenPullRequest, openPullRequests } from '../../../../github/pull-requests.js';
import { operationIn } from '../../../../github/try-operation.js';
import type { OpenPullRequests } from '../plan/open-pull-requests.js';

/** An apps repository at one time: its configuration and its open pull requests. */
export interface AppsRepository extends AppsSettings {
  /** When the list was requested. */
  listedAt: Date;
  pullRequests: readonly OpenPullRequest[];
  /** Whether it has a workflow that listens to commands on previews. */
  listens: boolean;
  /** Name of the default branch; `undefined` where there is none yet. */
  defaultBranch: string | undefined;
}

/**
 * Lists the open pull requests of an apps repository and reads its configuration. That is the configuration of the default
 * branch, which has been reviewed, and never that of a pull request.
 *
 * @throws Error for people when the list cannot be read whole
 */
export async function readAppsRepository({ github, repository }: Connected): Promise<AppsRepository> {
  const operation = operationIn(repository, 'list the open pull requests', 'pull-requests: read');
  const { configText, ...found } = await attempt(operation, () => openPullRequests(github, repository));
  return { ...found, ...settingsOf(configText, repository) };
}

/** The open pull requests in the form that plans take. */
export function openPullRequestsIn(
  apps: Connected,
  { listedAt, pullRequests, listens, defaultBranch }: AppsRepository,
): OpenPullRequests {
  return {
    repository: nameOf(apps),
    listedAt,
    defaultBranch,
    ...(listens ? { commands: true } : {}),
    open: pullRequests.map(({ number, headOid: head, fromFork }) => ({
      number,
      head,
      ...(fromFork ? { fork: true } : {}),
    })),
  };
}
