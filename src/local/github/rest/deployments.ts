import * as v from 'valibot';
import { deploymentStatusView, deploymentView } from '../views/deployment.js';
import { addDeploymentStatus, createDeployment } from '../world/deployments.js';
import type { DeploymentRecord } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import { commitShaOf } from './commits.js';
import { changes, paginated, type RepositoryRequest, type Route, readBody, reads } from './router.js';

const permission = ['deployments'];
const newDeployment = v.object({
  ref: v.string(),
  task: v.optional(v.string(), 'deploy'),
  auto_merge: v.optional(v.boolean(), true),
  required_contexts: v.optional(v.array(v.string())),
  payload: v.optional(v.union([v.record(v.string(), v.unknown()), v.string()]), {}),
  environment: v.optional(v.string(), 'production'),
  description: v.nullish(v.string()),
  transient_environment: v.optional(v.boolean(), false),
  production_environment: v.optional(v.boolean()),
});
const newStatus = v.object({
  state: v.picklist(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']),
  description: v.optional(v.string(), ''),
  environment_url: v.optional(v.string(), ''),
  log_url: v.optional(v.string(), ''),
  auto_inactive: v.optional(v.boolean(), true),
});

/** Deployments and their statuses. */
export const deploymentRoutes: Route[] = [
  changes('POST', '/deployments', permission, async (request) => {
    const { world, repository, caller, body } = request;
    const input = readBody(newDeployment, body);
    if (input.auto_merge || input.required_contexts?.length !== 0) {
      throw new Refusal(501, 'A deployment needs `auto_merge: false` and `required_contexts: []` on the local GitHub');
    }
    const deployment = await createDeployment(world, repository, caller, {
      ref: input.ref,
      sha: await commitShaOf(request, input.ref),
      task: input.task,
      environment: input.environment,
      description: input.description ?? null,
      payload: input.payload,
      transient: input.transient_environment,
      production: input.production_environment ?? input.environment === 'production',
    });
    return { status: 201, body: deploymentView(world, repository, deployment) };
  }),
  reads('/deployments', permission, async (request) => {
    const { world, repository, query } = request;
    const wanted = (name: 'environment' | 'ref' | 'sha' | 'task') => {
      const value = query.get(name);
      return (deployment: DeploymentRecord) => value === null || deployment[name] === value;
    };
    const deployments = [...repository.deployments.values()]
      .filter(wanted('environment'))
      .filter(wanted('ref'))
      .filter(wanted('sha'))
      .filter(wanted('task'));
    return paginated(request, deployments.reverse(), (deployment) => deploymentView(world, repository, deployment));
  }),
  reads('/deployments/{deployment_id}', permission, async (request) => ({
    status: 200,
    body: deploymentView(request.world, request.repository, deploymentOf(request)),
  })),
  changes('DELETE', '/deployments/{deployment_id}', permission, async (request) => {
    const deployment = deploymentOf(request);
    const active = deployment.statuses.at(-1)?.state !== 'inactive';
    if (active && request.repository.deployments.size > 1) {
      throw new Refusal(422, 'We cannot delete an active deployment unless it is the only deployment in a repository.');
    }
    request.repository.deployments.delete(deployment.id);
    return { status: 204 };
  }),
  changes('POST', '/deployments/{deployment_id}/statuses', permission, async (request) => {
    const { world, repository, caller, body } = request;
    const input = readBody(newStatus, body);
    const deployment = deploymentOf(request);
    const { state, description, environment_url: environmentUrl, log_url: logUrl } = input;
    const status = { state, description, environmentUrl, logUrl };
    const made = await addDeploymentStatus(world, repository, caller, deployment, status, input.auto_inactive);
    return { status: 201, body: deploymentStatusView(world, repository, deployment, made) };
  }),
  reads('/deployments/{deployment_id}/statuses', permission, async (request) => {
    const deployment = deploymentOf(request);
    return paginated(request, [...deployment.statuses].reverse(), (status) =>
      deploymentStatusView(request.world, request.repository, deployment, status),
    );
  }),
];

function deploymentOf({ repository, params }: RepositoryRequest): DeploymentRecord {
  const deployment = repository.deployments.get(Number(params.deployment_id));
  if (deployment === undefined) {
    throw notFound();
  }
  return deployment;
}
