import * as v from 'valibot';
import { shortLine } from '../report/short-line.js';
import type { GitHub } from './client.js';
import type { RepositoryName } from './context.js';
import { GraphqlErrors } from './graphql-error.js';
import { runMutations } from './mutations.js';
import { pageOf, pages } from './page.js';
import type { RepositoryReader } from './repository-reader.js';

export type DeploymentState = 'queued' | 'in_progress' | 'success' | 'pending' | 'failure' | 'error' | 'inactive';

/**
 * The one environment of GitHub's that all previews are deployments of. One for each pull request would stay when the preview
 * has gone: deleting an environment takes `administration: write`, which neither a workflow's own token nor an App with few
 * permissions has. What belongs to one preview is told by the task.
 */
const ENVIRONMENT = 'preview';

/** What the `task` of our deployments begins with, which no other deployment has: `deploy:preview/pr-35`. */
const TASK = 'deploy:preview/';

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

/** GitHub takes no more in a description. */
const MOST_CHARACTERS = 140;

const nodeSchema = v.object({
  id: v.string(),
  task: v.nullable(v.string()),
  commitOid: v.string(),
  latestStatus: v.nullable(
    v.object({
      state: v.string(),
      description: v.nullable(v.string()),
      environmentUrl: v.nullable(v.string()),
      logUrl: v.nullable(v.string()),
    }),
  ),
});

type DeploymentNode = v.InferOutput<typeof nodeSchema>;

const NODE = 'id task commitOid latestStatus { state description environmentUrl logUrl }';

const OF_PREVIEWS = `environments: ["${ENVIRONMENT}"]`;

/**
 * Reads the newest deployments of all previews, newest first, up to the first page of 100 on which none is active.
 *
 * @returns those of each preview, by its name
 * @throws GraphqlErrors or a failed request
 */
export async function readDeployments(reader: RepositoryReader): Promise<Map<string, Deployment[]>> {
  const found = new Map<string, Deployment[]>();
  const read = (after: string | null) =>
    reader.load({
      text: (bind) =>
        `deployments(${OF_PREVIEWS}, first: 100, after: ${bind('String', after)}, orderBy: { field: CREATED_AT, direction: DESC }) { pageInfo { hasNextPage endCursor } nodes { ${NODE} } }`,
      schema: pageOf(nodeSchema),
    });
  for await (const { nodes } of pages('the deployments of previews', read)) {
    const own = (nodes ?? []).flatMap((node) => (node === null ? [] : ownDeployment(node)));
    for (const { name, deployment } of own) {
      found.set(name, [...(found.get(name) ?? []), deployment]);
    }
    if (!own.some(({ deployment }) => isActive(deployment))) {
      break;
    }
  }
  return found;
}

const headSchema = v.nullable(
  v.object({
    commits: v.object({
      nodes: v.nullable(
        v.array(
          v.nullable(
            v.object({
              commit: v.object({
                deployments: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(nodeSchema))) })),
              }),
            }),
          ),
        ),
      ),
    }),
  }),
);

/**
 * Reads the deployments of a preview at the last commit of its pull request, however long ago that was.
 *
 * @throws GraphqlErrors or a failed request
 */
export async function deploymentsAtHead(
  reader: RepositoryReader,
  name: string,
  pullRequest: number,
): Promise<Deployment[]> {
  const pull = await reader.load({
    text: (bind) =>
      `pullRequest(number: ${bind('Int!', pullRequest)}) { commits(last: 1) { nodes { commit { deployments(${OF_PREVIEWS}, last: 20) { nodes { ${NODE} } } } } } }`,
    schema: headSchema,
  });
  const nodes = pull?.commits.nodes?.[0]?.commit.deployments?.nodes ?? [];
  const own = nodes.flatMap((node) => (node === null ? [] : ownDeployment(node)));
  return own.flatMap((each) => (each.name === name ? [each.deployment] : [])).reverse();
}

/** A deployment of ours with the name of its preview; nothing for any other. */
function ownDeployment(node: DeploymentNode): { name: string; deployment: Deployment }[] {
  const { task } = node;
  return task?.startsWith(TASK) === true ? [{ name: task.slice(TASK.length), deployment: deploymentFrom(node) }] : [];
}

function deploymentFrom({ id, commitOid: sha, latestStatus: latest }: DeploymentNode): Deployment {
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

/** A commit's deployments in one environment. */
const ofCommitSchema = v.nullable(
  v.object({ deployments: v.nullable(v.object({ nodes: v.nullable(v.array(v.nullable(nodeSchema))) })) }),
);

/**
 * The deployment of a task, of one commit in one environment: the oldest, so that of two that were made at once all take the same.
 *
 * @param sha a commit that the repository may not have
 * @returns `undefined` where there is none
 * @throws GraphqlErrors or a failed request; it takes `deployments: read`
 */
export async function deploymentOf(
  reader: RepositoryReader,
  { environment, task, sha }: Pick<NewDeployment, 'environment' | 'task' | 'sha'>,
): Promise<Deployment | undefined> {
  const commit = await reader.load({
    text: (bind) =>
      `object(oid: ${bind('GitObjectID!', sha)}) { ... on Commit { deployments(environments: [${bind('String!', environment)}], first: 100, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { ${NODE} } } } }`,
    schema: ofCommitSchema,
  });
  const own = (commit?.deployments?.nodes ?? []).find((node) => node?.task === task);
  return own === undefined || own === null ? undefined : deploymentFrom(own);
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
 * Creates a deployment of a preview. GitHub neither merges into its ref nor waits for checks.
 *
 * @see https://docs.github.com/rest/deployments/deployments#create-a-deployment
 */
export function createDeployment(
  github: GitHub,
  repository: RepositoryName,
  preview: string,
  sha: string,
): Promise<Deployment> {
  const task = `${TASK}${preview}`;
  const kind = { transient_environment: true, production_environment: false };
  return makeDeployment(github, repository, {
    environment: ENVIRONMENT,
    task,
    sha,
    description: `Preview ${preview}`,
    ...kind,
  });
}

/** What is to be a deployment. */
export interface NewDeployment {
  environment: string;
  /** What tells it from others of the same commit and environment. */
  task: string;
  /** Full id of the commit. */
  sha: string;
  description: string;
  payload?: Record<string, string>;
  transient_environment?: boolean;
  production_environment?: boolean;
}

/**
 * Makes a deployment of one commit. GitHub neither merges into its ref nor waits for checks.
 *
 * @throws a failed request: a 404 or 422 where the repository has no such commit
 */
export async function makeDeployment(
  github: GitHub,
  { owner, name: repo }: RepositoryName,
  { sha, description, ...deployment }: NewDeployment,
): Promise<Deployment> {
  const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/deployments', {
    ...{ owner, repo, ref: sha, description: shortened(description), ...deployment },
    auto_merge: false,
    required_contexts: [],
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

/** As GitHub takes it. What clusters, and who names branches, say is in it. */
function shortened(text: string): string {
  return shortLine(text, MOST_CHARACTERS);
}
