import type { DeploymentRecord, DeploymentStatusRecord, EnvironmentRecord } from '../world/records.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf } from './repository.js';
import { timestamp } from './timestamp.js';
import { userView } from './user.js';

/** A deployment as REST shows it (`deployment`). */
export function deploymentView(world: World, repository: Repository, deployment: DeploymentRecord) {
  const url = `${apiUrlOf(world, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: `DE_${deployment.id}`,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    creator: userView(world, deployment.creator),
    created_at: timestamp(deployment.createdAt),
    updated_at: timestamp(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: apiUrlOf(world, repository),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  };
}

/** A deployment's status as REST shows it (`deployment-status`). */
export function deploymentStatusView(
  world: World,
  repository: Repository,
  deployment: DeploymentRecord,
  status: DeploymentStatusRecord,
) {
  const deploymentUrl = `${apiUrlOf(world, repository)}/deployments/${deployment.id}`;
  return {
    url: `${deploymentUrl}/statuses/${status.id}`,
    id: status.id,
    node_id: `DES_${status.id}`,
    state: status.state,
    creator: userView(world, status.creator),
    description: status.description,
    environment: status.environment,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    deployment_url: deploymentUrl,
    repository_url: apiUrlOf(world, repository),
    environment_url: status.environmentUrl,
    target_url: status.logUrl,
    log_url: status.logUrl,
  };
}

/** An environment as REST shows it (`environment`). */
export function environmentView(world: World, repository: Repository, environment: EnvironmentRecord) {
  const name = encodeURIComponent(environment.name);
  const { policy } = environment;
  return {
    id: environment.id,
    node_id: `EN_${environment.id}`,
    name: environment.name,
    url: `${apiUrlOf(world, repository)}/environments/${name}`,
    html_url: `${pageUrlOf(world, repository)}/deployments/${name}`,
    created_at: timestamp(environment.createdAt),
    updated_at: timestamp(environment.updatedAt),
    protection_rules:
      policy === null ? [] : [{ id: environment.id, node_id: `GA_${environment.id}`, type: 'branch_policy' }],
    deployment_branch_policy:
      policy === null
        ? null
        : { protected_branches: policy === 'protected', custom_branch_policies: policy === 'custom' },
  };
}

/** A pattern of refs that an environment admits as REST shows it (`deployment-branch-policy`). */
export function patternView({ id, name, type }: EnvironmentRecord['patterns'][number]) {
  return { id, node_id: `GA_${id}`, name, type };
}
