import { timestamp } from '../../views/timestamp.js';
import type { DeploymentRecord, DeploymentStatusRecord } from '../../world/records.js';
import { connection, type Paging } from '../connection.js';
import { demand, type RepositoryScope } from '../scope.js';
import { actorNode } from './actors.js';
import { commitAt } from './objects.js';
import { repositoryNode } from './repository.js';

export interface DeploymentArguments extends Paging {
  environments?: string[] | null;
  orderBy?: { field: 'CREATED_AT'; direction: 'ASC' | 'DESC' } | null;
}

/** A page of deployments, of one commit or all, oldest first unless ordered otherwise. */
export function deploymentsConnection(scope: RepositoryScope, args: DeploymentArguments, sha?: string) {
  demand(scope, 'deployments');
  const deployments = [...scope.repository.deployments.values()].filter(
    (each) =>
      (!args.environments || args.environments.includes(each.environment)) && (sha === undefined || each.sha === sha),
  );
  if (args.orderBy?.direction === 'DESC') {
    deployments.reverse();
  }
  return connection('deployments', deployments, args, (deployment) => deploymentNode(scope, deployment));
}

/** A `Deployment`. */
function deploymentNode(scope: RepositoryScope, deployment: DeploymentRecord) {
  const latest = deployment.statuses.at(-1);
  const state = (latest?.state ?? 'pending').toUpperCase();
  return {
    __typename: 'Deployment',
    id: `DE_${deployment.id}`,
    databaseId: deployment.id,
    commitOid: deployment.sha,
    commit: () => commitAt(scope, deployment.sha),
    environment: deployment.environment,
    latestEnvironment: deployment.environment,
    originalEnvironment: deployment.environment,
    description: deployment.description,
    payload: JSON.stringify(deployment.payload),
    task: deployment.task,
    state: state === 'SUCCESS' ? 'ACTIVE' : state,
    creator: actorNode(scope, deployment.creator),
    createdAt: timestamp(deployment.createdAt),
    updatedAt: timestamp(deployment.updatedAt),
    latestStatus: latest === undefined ? null : statusNode(scope, latest),
    statuses: (paging: Paging) =>
      connection('statuses', [...deployment.statuses].reverse(), paging, (status) => statusNode(scope, status)),
    repository: () => repositoryNode(scope),
  };
}

/** A `DeploymentStatus`. */
export function statusNode(scope: RepositoryScope, status: DeploymentStatusRecord) {
  return {
    __typename: 'DeploymentStatus',
    id: `DES_${status.id}`,
    state: status.state.toUpperCase(),
    description: status.description,
    environment: status.environment,
    environmentUrl: status.environmentUrl === '' ? null : status.environmentUrl,
    logUrl: status.logUrl === '' ? null : status.logUrl,
    creator: actorNode(scope, status.creator),
    createdAt: timestamp(status.createdAt),
    updatedAt: timestamp(status.createdAt),
  };
}
