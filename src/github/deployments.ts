import * as v from 'valibot';
import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';
import { GraphqlErrors } from './graphql-error.js';
import { runMutations } from './mutations.js';
import { pageOf, pages } from './page.js';
import type { RepositoryReader } from './repository-reader.js';

export type DeploymentState = 'queued' | 'in_progress' | 'success' | 'failure' | 'inactive';

/** The `task` of our deployments, which no other deployment has. */
const TASK = 'deploy:preview';

/** One deployment of an environment. */
export interface Deployment {
  /** Node id. */
  id: string;
  /** Full id of the commit that is deployed. */
  sha: string;
  /** Its newest status, `undefined` before the first one. */
  status: { state: string; description: string; environmentUrl: string; logUrl: string } | undefined;
}

/** A status to add. */
export interface NewStatus {
  state: DeploymentState;
  /** One line, at most 140 characters. */
  description: string;
  /** Empty for none. */
  environmentUrl: string;
  logUrl: string;
}

const connectionSchema = pageOf(
  v.object({
    id: v.string(),
    commitOid: v.string(),
    latestStatus: v.nullable(
      v.object({
        state: v.string(),
        description: v.nullable(v.string()),
        environmentUrl: v.nullable(v.string()),
        logUrl: v.nullable(v.string()),
      }),
    ),
  }),
);

type DeploymentNode = NonNullable<NonNullable<v.InferOutput<typeof connectionSchema>['nodes']>[number]>;

/**
 * Reads the deployments of an environment, newest first, up to the first page of 20 on which none is active.
 *
 * @throws GraphqlErrors or a failed request
 */
export async function readDeployments(reader: RepositoryReader, environment: string): Promise<Deployment[]> {
  const found: Deployment[] = [];
  const read = (after: string | null) =>
    reader.load({
      text: (bind) =>
        `deployments(environments: [${bind('String!', environment)}], first: 20, after: ${bind('String', after)}, orderBy: { field: CREATED_AT, direction: DESC }) { pageInfo { hasNextPage endCursor } nodes { id commitOid latestStatus { state description environmentUrl logUrl } } }`,
      schema: connectionSchema,
    });
  for await (const { nodes } of pages(`the deployments of ${environment}`, read)) {
    const page = (nodes ?? []).flatMap((node) => (node === null ? [] : toDeployment(node)));
    found.push(...page);
    if (!page.some(isActive)) {
      break;
    }
  }
  return found;
}

function toDeployment({ id, commitOid: sha, latestStatus: latest }: DeploymentNode): Deployment {
  const status =
    latest === null
      ? undefined
      : {
          state: latest.state.toLowerCase(),
          description: latest.description ?? '',
          environmentUrl: latest.environmentUrl ?? '',
          logUrl: latest.logUrl ?? '',
        };
  return { id, sha, status };
}

const standingSchema = v.object({
  nodes: v.nullable(
    v.array(
      v.nullable(
        v.object({
          environment: v.nullable(v.string()),
          task: v.nullable(v.string()),
          latestStatus: v.nullable(v.object({ state: v.string() })),
        }),
      ),
    ),
  ),
});

/** Names of the environments with an active deployment of ours among the newest hundred deployments. */
export async function activeEnvironments(reader: RepositoryReader): Promise<string[]> {
  const { nodes } = await reader.load({
    text: () =>
      'deployments(first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { environment task latestStatus { state } } }',
    schema: standingSchema,
  });
  const names = (nodes ?? []).flatMap((node) =>
    node?.task === TASK && node.latestStatus?.state !== 'INACTIVE' ? (node.environment ?? []) : [],
  );
  return [...new Set(names)];
}

/** Whether a deployment is not inactive: what it deployed runs, or will. */
export function isActive({ status }: Deployment): boolean {
  return status?.state !== 'inactive';
}

/** Whether the newest status of a deployment is this one already. Only the state counts for `inactive`. */
export function says({ status }: Deployment, { state, environmentUrl, description }: NewStatus): boolean {
  const same = status?.description === shortened(description) && status.environmentUrl === environmentUrl;
  return status?.state === state && (state === 'inactive' || same);
}

/**
 * Creates a deployment of a transient environment. GitHub neither merges into its ref nor waits for checks.
 *
 * @see https://docs.github.com/rest/deployments/deployments#create-a-deployment
 */
export async function createDeployment(
  github: GitHub,
  { owner, name: repo }: RepositoryName,
  environment: string,
  sha: string,
  description: string,
): Promise<Deployment> {
  const { data } = await github.rest.repos.createDeployment({
    ...{ owner, repo, environment, ref: sha, description: shortened(description) },
    task: TASK,
    auto_merge: false,
    required_contexts: [],
    transient_environment: true,
    production_environment: false,
  });
  if (!('id' in data)) {
    throw new Error(`GitHub made no deployment of ${sha} in ${owner}/${repo}: ${data.message ?? 'it gave no reason'}.`);
  }
  return { id: data.node_id, sha, status: undefined };
}

/** A status that a deployment is to get. */
export interface StatusToSet {
  deployment: Deployment;
  status: NewStatus;
}

/**
 * Adds statuses in their order, in one request, and sets `status` of the deployments to them. After a lost answer the
 * caller has to read the deployments again.
 *
 * @throws GraphqlErrors when some failed; the others have been added
 * @see https://docs.github.com/graphql/reference/deployments#createdeploymentstatus
 */
export async function setStatuses(github: GitHub, all: readonly StatusToSet[]): Promise<void> {
  const mutations = all.map(({ deployment, status: { state, description, environmentUrl, logUrl } }, index) => ({
    alias: `s${index}`,
    name: 'createDeploymentStatus',
    input: {
      ...{ deploymentId: deployment.id, state: state.toUpperCase(), description: shortened(description) },
      ...(environmentUrl === '' ? {} : { environmentUrl }),
      ...(logUrl === '' ? {} : { logUrl }),
      autoInactive: false,
    },
    select: 'deploymentStatus { id }',
  }));
  const results = await runMutations(github, 'RecordDeployments', mutations);
  for (const [index, { deployment, status }] of all.entries()) {
    if (results.error(`s${index}`) === undefined) {
      const { state, description, environmentUrl, logUrl } = status;
      deployment.status = { state, description: shortened(description), environmentUrl, logUrl };
    }
  }
  if (results.errors.length > 0) {
    throw new GraphqlErrors([...results.errors]);
  }
}

/**
 * Removes an environment.
 *
 * @throws a failed request: 404 without such an environment, 403 without the permission `administration: write`
 * @see https://docs.github.com/rest/deployments/environments#delete-an-environment
 */
export async function deleteEnvironment(
  github: GitHub,
  { owner, name: repo }: RepositoryName,
  environment: string,
): Promise<void> {
  await github.rest.repos.deleteAnEnvironment({ owner, repo, environment_name: environment });
}

/** GitHub takes at most 140 characters. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 140 ? line : `${line.slice(0, 139)}…`;
}
