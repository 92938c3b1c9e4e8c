import { announce } from '../events/simple.js';
import { deploymentStatusView, deploymentView } from '../views/deployment.js';
import type { Caller } from './accounts.js';
import { environmentNamed } from './environments.js';
import type { DeploymentRecord, DeploymentStatusRecord } from './records.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

type NewDeployment = Pick<
  DeploymentRecord,
  'ref' | 'sha' | 'task' | 'environment' | 'description' | 'payload' | 'transient' | 'production'
>;

/** Records a deployment, and its environment where it is new. */
export async function createDeployment(world: World, repository: Repository, caller: Caller, input: NewDeployment) {
  const now = world.now();
  const deployment: DeploymentRecord = {
    id: world.nextId(),
    ...input,
    creator: caller.account,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  environmentNamed(world, repository, input.environment);
  await announce(world, repository, caller, {
    name: 'deployment',
    action: 'created',
    sha: deployment.sha,
    payload: { deployment: deploymentView(world, repository, deployment) },
  });
  return deployment;
}

type NewStatus = Pick<DeploymentStatusRecord, 'state' | 'description' | 'environmentUrl' | 'logUrl'>;

/**
 * Adds a status. A success makes the earlier deployments of the same environment inactive.
 * Rule (`auto_inactive`): https://docs.github.com/rest/deployments/statuses#create-a-deployment-status
 */
export async function addDeploymentStatus(
  world: World,
  repository: Repository,
  caller: Caller,
  deployment: DeploymentRecord,
  input: NewStatus,
  autoInactive: boolean,
): Promise<DeploymentStatusRecord> {
  const status = newStatus(world, caller, deployment, input);
  deployment.statuses.push(status);
  deployment.updatedAt = status.createdAt;
  if (input.state === 'success' && autoInactive && !deployment.production && !deployment.transient) {
    const inactive = { state: 'inactive', description: '', environmentUrl: '', logUrl: '' };
    for (const other of repository.deployments.values()) {
      if (other.id < deployment.id && other.environment === deployment.environment) {
        other.statuses.push(newStatus(world, caller, other, inactive));
      }
    }
  }
  await announce(world, repository, caller, {
    name: 'deployment_status',
    action: 'created',
    sha: deployment.sha,
    payload: {
      deployment: deploymentView(world, repository, deployment),
      deployment_status: deploymentStatusView(world, repository, deployment, status),
    },
  });
  return status;
}

function newStatus(
  world: World,
  caller: Caller,
  deployment: DeploymentRecord,
  input: NewStatus,
): DeploymentStatusRecord {
  const { environment } = deployment;
  return { id: world.nextId(), ...input, environment, creator: caller.account, createdAt: world.now() };
}
