import { type AppsConfig, opsRepository, readAppsConfig } from '../../apps/config.js';
import type { Connected } from '../../github/connected.js';
import { parseRepository, type RepositoryName } from '../../github/context.js';
import { attempt } from '../../github/errors.js';
import { type OpenPullRequest, openPullRequests } from '../../github/pull-requests.js';
import type { OpenPullRequests } from '../previews/decision.js';

/** What is known of an apps repository at one time. */
export interface AppsRepository {
  listedAt: Date;
  pullRequests: readonly OpenPullRequest[];
  /** `undefined` for the default workspace. */
  workspace: string | undefined;
  /** Where its previews are kept. */
  ops: RepositoryName;
}

/**
 * Lists what is open in an apps repository and reads how it is set up: on the default branch, whose content has been
 * reviewed, and never in a pull request.
 *
 * @throws Error in words for people: a list that cannot be read whole is none
 */
export async function lookAtApps({ github, repository }: Connected): Promise<AppsRepository> {
  const name = `${repository.owner}/${repository.name}`;
  const deed = { doing: 'list the open pull requests', repository: name, permission: 'pull-requests: read' };
  const { listedAt, pullRequests, configText } = await attempt(deed, () => openPullRequests(github, repository));
  const config: Pick<AppsConfig, 'ops' | 'workspace'> =
    configText === undefined ? { ops: undefined, workspace: undefined } : readAppsConfig(configText);
  const ops = opsRepository({ ...config, registry: undefined, apps: {} }, name);
  return { listedAt, pullRequests, workspace: config.workspace, ops: parseRepository(ops, 'ostack.yaml: "ops"') };
}

/** The same as the planner wants it. */
export function openOf({ repository }: Connected, { listedAt, pullRequests }: AppsRepository): OpenPullRequests {
  return {
    repository: `${repository.owner}/${repository.name}`,
    listedAt,
    open: pullRequests.map(({ number, headOid: head }) => ({ number, head })),
  };
}
