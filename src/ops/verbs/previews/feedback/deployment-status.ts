import type { Connected } from '../../../../github/connected.js';
import {
  createDeployment,
  type Deployment,
  type DeploymentState,
  isActive,
  type NewStatus,
  type StatusToSet,
  says,
} from '../../../../github/deployments.js';
import { mainUrl, type PreviewDetails } from './details.js';
import { type PreviewStage, type PreviewStatus, statusLine } from './status.js';

const STATES: Record<PreviewStage, DeploymentState> = {
  queued: 'queued',
  deploying: 'in_progress',
  'rolling out': 'in_progress',
  probing: 'in_progress',
  live: 'success',
  asleep: 'pending',
  failed: 'failure',
  removed: 'inactive',
};

/**
 * The state of a deployment that GitHub shows at a stage.
 *
 * @see https://docs.github.com/rest/deployments/statuses#create-a-deployment-status
 */
export function deploymentState(stage: PreviewStage): DeploymentState {
  return STATES[stage];
}

/**
 * Creates the deployment of a preview where it has none for its commit, and lists the statuses that are to be set. A live
 * preview makes its older deployments inactive, a removed one all of them.
 *
 * @param apps where deployments are recorded
 * @param deployments those of the preview, newest first; a new one is added in front
 * @returns the statuses to set, in this order; none where GitHub shows the status already
 * @throws a failed request
 */
export async function dueStatuses(
  apps: Connected,
  deployments: Deployment[],
  preview: PreviewDetails,
  status: PreviewStatus,
): Promise<StatusToSet[]> {
  const state = STATES[status.stage];
  const next: NewStatus = {
    state,
    description: state === 'in_progress' ? 'rolling out' : statusLine(status),
    environmentUrl: ['queued', 'asleep', 'removed'].includes(status.stage) ? '' : mainUrl(preview.apps),
    logUrl: preview.runUrl,
  };
  if (status.stage === 'removed') {
    return deployments.filter(isActive).map((deployment) => ({ deployment, status: next }));
  }
  const { github, repository } = apps;
  let own = deployments.find((deployment) => deployment.sha === preview.head && isActive(deployment));
  if (own === undefined) {
    own = await createDeployment(github, repository, preview.name, preview.head);
    deployments.unshift(own);
  }
  const older = status.stage === 'live' ? deployments.filter((each) => each !== own && isActive(each)) : [];
  const replaced: NewStatus = { ...next, state: 'inactive', description: 'replaced by a newer commit' };
  return [
    ...(says(own, next) ? [] : [{ deployment: own, status: next }]),
    ...older.map((deployment) => ({ deployment, status: replaced })),
  ];
}
