import * as v from 'valibot';
import { environmentView, patternView } from '../views/deployment.js';
import { environmentNamed } from '../world/environments.js';
import type { EnvironmentRecord } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import { changes, paginated, type RepositoryRequest, type Route, readBody, reads } from './router.js';

const policyBody = v.nullish(v.object({ protected_branches: v.boolean(), custom_branch_policies: v.boolean() }));
const environmentBody = v.object({
  wait_timer: v.nullish(v.literal(0, 'The local GitHub does not wait before a job')),
  reviewers: v.nullish(v.pipe(v.array(v.unknown()), v.maxLength(0, 'The local GitHub asks nobody before a job'))),
  prevent_self_review: v.nullish(v.literal(false, 'The local GitHub asks nobody before a job')),
  deployment_branch_policy: policyBody,
});
const patternBody = v.object({ name: v.string(), type: v.optional(v.picklist(['branch', 'tag']), 'branch') });

const permission = ['administration'];
const one = '/environments/{environment_name}';
const patterns = `${one}/deployment-branch-policies`;

/** Environments, and which refs they admit. */
export const environmentRoutes: Route[] = [
  reads('/environments', ['actions'], async (request) => {
    const { world, repository } = request;
    const all = [...repository.environments.values()];
    const wrap = (environments: unknown[]) => ({ total_count: all.length, environments });
    return paginated(request, all, (environment) => environmentView(world, repository, environment), wrap);
  }),
  reads(one, ['actions'], async (request) => ({
    status: 200,
    body: environmentView(request.world, request.repository, environmentOf(request)),
  })),
  changes('PUT', one, permission, async (request) => {
    const { world, repository, params } = request;
    const { deployment_branch_policy: policy } = readBody(environmentBody, request.body);
    if (policy && policy.protected_branches === policy.custom_branch_policies) {
      throw new Refusal(422, 'protected_branches and custom_branch_policies cannot have the same value');
    }
    const environment = environmentNamed(world, repository, params.environment_name ?? '');
    environment.policy = policy ? (policy.protected_branches ? 'protected' : 'custom') : null;
    environment.patterns = environment.policy === 'custom' ? environment.patterns : [];
    environment.updatedAt = world.now();
    return { status: 200, body: environmentView(world, repository, environment) };
  }),
  changes('DELETE', one, permission, async (request) => {
    request.repository.environments.delete(environmentOf(request).name);
    return { status: 204 };
  }),
  reads(patterns, ['actions'], async (request) => {
    const all = environmentOf(request).patterns;
    const wrap = (views: unknown[]) => ({ total_count: all.length, branch_policies: views });
    return paginated(request, all, patternView, wrap);
  }),
  changes('POST', patterns, permission, async (request) => {
    const environment = environmentOf(request);
    const { name, type } = readBody(patternBody, request.body);
    if (environment.policy !== 'custom') {
      throw notFound();
    }
    const known = environment.patterns.find((pattern) => pattern.name === name && pattern.type === type);
    if (known !== undefined) {
      return { status: 303 };
    }
    const made = { id: request.world.nextId(), name, type };
    environment.patterns.push(made);
    return { status: 200, body: patternView(made) };
  }),
  reads(`${patterns}/{branch_policy_id}`, ['actions'], async (request) => ({
    status: 200,
    body: patternView(patternOf(request)),
  })),
  changes('PUT', `${patterns}/{branch_policy_id}`, permission, async (request) => {
    const pattern = patternOf(request);
    pattern.name = readBody(v.object({ name: v.string() }), request.body).name;
    return { status: 200, body: patternView(pattern) };
  }),
  changes('DELETE', `${patterns}/{branch_policy_id}`, permission, async (request) => {
    const environment = environmentOf(request);
    const pattern = patternOf(request);
    environment.patterns = environment.patterns.filter((each) => each !== pattern);
    return { status: 204 };
  }),
];

/** @throws Refusal 404 */
export function environmentOf({ repository, params }: RepositoryRequest): EnvironmentRecord {
  const found = repository.environments.get(params.environment_name ?? '');
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function patternOf(request: RepositoryRequest): EnvironmentRecord['patterns'][number] {
  const found = environmentOf(request).patterns.find(({ id }) => id === Number(request.params.branch_policy_id));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}
