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
import { type PreviewDetails, type PreviewStatus, statusLine } from './comment.js';
import { mainUrl } from './details.js';

const STATES: Record<PreviewStatus['stage'], DeploymentState> = {
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
  /** Whether the token may not remove environments, as GitHub has said. */
  keepsEnvironments: boolean;
}

/** The state of a deployment at a stage, `undefined` where that is none. */
export function stateOf(stage: string): DeploymentState | undefined {
  return Object.entries(STATES).find(([each]) => each === stage)?.[1];
}

/**
 * Makes the deployment of a preview where there is none yet, or removes the environment of one that is gone.
 *
 * @param deployments those there are, newest first; a new one is added
 * @returns the statuses that are still to be set, in their order
 * @throws a failed request
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
  const replaced: NewStatus = { ...next, state: 'inactive', description: 'a newer one took its place' };
  return [
    ...(says(own, next) ? [] : [{ deployment: own, status: next }]),
    ...older.map((deployment) => ({ deployment, status: replaced })),
  ];
}

/**
 * Nothing of the environment runs any more. The environment itself goes where the token may remove it; before its
 * deployments do, for while one of them stands a later run knows that there is something left to do.
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
      // Of an environment that GitHub does not show it may still be gone; what may not be done is not asked for again.
      target.keepsEnvironments ||= refused === 403;
    }
  }
  return deployments.filter(isActive).map((deployment) => ({ deployment, status }));
}
