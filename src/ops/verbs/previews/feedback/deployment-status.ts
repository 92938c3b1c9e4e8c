import type { Connected } from '../../../../github/connected.js';
import {
  createDeployment,
  type Deployment,
  type DeploymentState,
  deleteEnvironment,
  isActive,
  type NewStatus,
  type StatusToSet,
  says,
} from '../../../../github/deployments.js';
import { readFailure } from '../../../../github/failure.js';
import { mainUrl, type PreviewDetails } from './details.js';
import { type PreviewStage, type PreviewStatus, statusLine } from './status.js';

const STATES: Record<PreviewStage, DeploymentState> = {
  queued: 'queued',
  deploying: 'in_progress',
  'rolling out': 'in_progress',
  probing: 'in_progress',
  live: 'success',
  failed: 'failure',
  removed: 'inactive',
};

/** Where deployments are recorded. */
export interface DeploymentTarget {
  apps: Connected;
  /** Whether environments stay, because GitHub has refused to delete one with this token. */
  keepsEnvironments: boolean;
}

/**
 * The state of a deployment that GitHub shows at a stage.
 *
 * @see https://docs.github.com/rest/deployments/statuses#create-a-deployment-status
 */
export function deploymentState(stage: PreviewStage): DeploymentState {
  return STATES[stage];
}

/**
 * Creates the deployment of a preview where it has none for its commit, or deletes the environment of a removed preview,
 * and lists the statuses that are to be set. A live preview makes its older deployments inactive.
 *
 * @param target `keepsEnvironments` is set when GitHub refuses to delete the environment
 * @param deployments those of the preview, newest first; a new one is added in front
 * @returns the statuses to set, in this order; none where GitHub shows the status already
 * @throws a failed request, except a refusal to delete the environment
 */
export async function dueStatuses(
  target: DeploymentTarget,
  deployments: Deployment[],
  preview: PreviewDetails,
  status: PreviewStatus,
): Promise<StatusToSet[]> {
  const state = STATES[status.stage];
  const next: NewStatus = {
    state,
    description: state === 'in_progress' ? 'rolling out' : statusLine(status),
    environmentUrl: status.stage === 'queued' || status.stage === 'removed' ? '' : mainUrl(preview.apps),
    logUrl: preview.runUrl,
  };
  if (status.stage === 'removed') {
    return retire(target, deployments, next, preview.name);
  }
  const { github, repository } = target.apps;
  let own = deployments.find((deployment) => deployment.sha === preview.head && isActive(deployment));
  if (own === undefined) {
    own = await createDeployment(github, repository, preview.name, preview.head, `Preview ${preview.name}`);
    deployments.unshift(own);
  }
  const older = status.stage === 'live' ? deployments.filter((each) => each !== own && isActive(each)) : [];
  const replaced: NewStatus = { ...next, state: 'inactive', description: 'replaced by a newer commit' };
  return [
    ...(says(own, next) ? [] : [{ deployment: own, status: next }]),
    ...older.map((deployment) => ({ deployment, status: replaced })),
  ];
}

/**
 * Deletes the environment of a removed preview, where the token may, and makes its deployments inactive. The environment
 * comes first: as long as a deployment is active, a later run sees that a stopped one left something to do.
 */
async function retire(
  target: DeploymentTarget,
  deployments: readonly Deployment[],
  status: NewStatus,
  environment: string,
): Promise<StatusToSet[]> {
  if (deployments.length > 0 && !target.keepsEnvironments) {
    const { github, repository } = target.apps;
    try {
      await deleteEnvironment(github, repository, environment);
    } catch (error) {
      const refused = readFailure(error)?.status;
      if (refused !== 403 && refused !== 404) {
        throw error;
      }
      // 404: the environment is gone already, or hidden from this token. 403: it would be refused for all of them.
      target.keepsEnvironments ||= refused === 403;
    }
  }
  return deployments.filter(isActive).map((deployment) => ({ deployment, status }));
}
