import type {
  LocalRepository,
  RepositoryOptions,
  RequestRecord,
  Stage,
  StageOptions,
} from '../../../src/local/stage.js';
import { seededDelays, startStage } from '../../../src/local/stage.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

export const DIGEST = `sha256:${'a'.repeat(64)}`;
export const SOURCE = 'b'.repeat(40);
const PERSON = { name: 'Ada', email: 'ada@acme.dev' };

/** A stage with an ops repository `acme/ops` and an apps repository `acme/apps`. */
export interface OpsStage extends AsyncDisposable {
  stage: Stage;
  ops: LocalRepository;
  /** A person pushes to the ops repository. */
  push(branch: string, files: Record<string, string | null>, message?: string): Promise<string>;
  /** Runs the bundle; `inputs` over the usual ones. */
  bump(inputs?: Record<string, string>, signal?: AbortSignal): Promise<BumpRun>;
  /** All pull requests, oldest first. */
  pulls(): Promise<Pull[]>;
  /** As the person who may do everything. */
  graphql(query: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export interface BumpRun extends ActionResult {
  requests: RequestRecord[];
  /** The output `pull-requests`. */
  results: { environment: string; app: string; number: number | null; action: string; reason: string }[];
}

export interface Pull {
  id: string;
  number: number;
  state: string;
  title: string;
  body: string;
  labels: string[];
  comments: string[];
  headOid: string;
  autoMerge: boolean;
}

const PULLS = `query Pulls { repository(owner: "acme", name: "ops") { pullRequests(first: 50, orderBy: { field: CREATED_AT, direction: ASC }) { nodes {
  id number state title body headRefOid autoMergeRequest { enabledAt }
  labels(first: 10) { nodes { name } } comments(first: 10) { nodes { body } }
} } } }`;

/** An overlay with one image. */
export function overlay(version: string, image = 'ghcr.io/acme/my-app'): string {
  return `resources:\n- ../../../bases/my-app\nimages:\n# set by releases\n- name: ${image}\n  newTag: ${JSON.stringify(version)} # the version\n`;
}

/** A small ops repository of the usual layout. */
export const OPS_FILES: Record<string, string> = {
  'ostack.yaml': 'environments:\n  staging: { cd: true }\n  production: { after: staging }\n',
  'bases/my-app/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'overlays/staging/my-app/kustomization.yaml': overlay('1.3.0'),
  'overlays/production/my-app/kustomization.yaml': overlay('1.2.0'),
  'overlays/staging/other/kustomization.yaml': overlay('7.0.0', 'ghcr.io/acme/other'),
};

export async function opsStage(
  files: Record<string, string> = OPS_FILES,
  options?: RepositoryOptions,
  stageOptions?: StageOptions,
): Promise<OpsStage> {
  const stage = await startStage({ delays: seededDelays(1), ...stageOptions });
  await stage.github.createRepository('acme/apps', { files: { 'apps/my-app/Dockerfile': 'FROM scratch\n' } });
  const ops = await stage.github.createRepository('acme/ops', { files }, options);
  const graphql = async (query: string, variables: Record<string, unknown> = {}): Promise<Record<string, unknown>> => {
    const response = await fetch(stage.graphqlUrl, {
      method: 'POST',
      headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const answer = asRecord(await response.json());
    if (answer.errors !== undefined) {
      throw new Error(JSON.stringify(answer.errors));
    }
    return asRecord(answer.data);
  };
  const pulls = async (): Promise<Pull[]> => {
    await stage.github.passTime();
    const { repository } = await graphql(PULLS);
    const nodes = asRecord(asRecord(repository).pullRequests).nodes;
    return (Array.isArray(nodes) ? nodes : []).map(toPull);
  };
  return {
    stage,
    ops,
    graphql,
    pulls,
    push: (branch, pushed, message = 'by hand') => ops.commit(branch, pushed, message, PERSON),
    async bump(inputs = {}, signal = undefined) {
      const before = stage.github.requests.length;
      const result = await runAction({
        action: 'bump-ops-overlay',
        inputs: {
          image: 'ghcr.io/acme/my-app',
          tag: '1.4.0',
          digest: DIGEST,
          token: stage.token,
          'ops-repository': 'acme/ops',
          'apps-token': stage.token,
          ...inputs,
        },
        env: stageEnv(stage),
        signal,
      });
      const parsed: unknown = JSON.parse(result.outputs['pull-requests'] ?? '[]');
      return {
        ...result,
        requests: stage.github.requests.slice(before),
        results: Array.isArray(parsed) ? parsed : [],
      };
    },
    async [Symbol.asyncDispose]() {
      await stage.close();
    },
  };
}

export function stageEnv(stage: Stage): Record<string, string> {
  return {
    GITHUB_API_URL: stage.apiUrl,
    GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    GITHUB_SERVER_URL: stage.serverUrl,
    GITHUB_REPOSITORY: 'acme/apps',
    GITHUB_SHA: SOURCE,
    GITHUB_RUN_ID: '7',
  };
}

/** `staging: created #1` of every result. */
export function summaryOf(run: BumpRun): string[] {
  return run.results.map(
    ({ environment, action, number, reason }) =>
      `${environment}: ${action}${number === null ? '' : ` #${number}`}${reason === '' ? '' : `, ${reason}`}`,
  );
}

/** What the run asked GitHub for, one line a request. */
export function requestLines(run: BumpRun): string[] {
  return run.requests.map(({ method, path, operation, status }) => `${operation ?? `${method} ${path}`} ${status}`);
}

/** The error annotations of a run. */
export function errorsOf({ stdout }: ActionResult): string {
  return [...stdout.matchAll(/^::error::(.*)$/gm)].map((match) => decodeURIComponent(match[1] ?? '')).join('\n');
}

/** Commit ids, addresses, node ids and the like in words that stay the same. */
export function normalise(text: string, stage: Stage): string {
  const nodes = new Map<string, string>();
  return text
    .replaceAll(stage.serverUrl, 'https://github.test')
    .replaceAll(stage.token, 'TOKEN')
    .replaceAll(DIGEST, 'sha256:DIGEST')
    .replaceAll(SOURCE, 'SOURCE')
    .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
    .replace(/(?<=")([A-Z]+_)\d+(?=")/g, (id, kind: string) => {
      const name = nodes.get(id) ?? `${kind}ID${nodes.size + 1}`;
      nodes.set(id, name);
      return name;
    });
}

function toPull(value: unknown): Pull {
  const pull = asRecord(value);
  return {
    id: String(pull.id),
    number: Number(pull.number),
    state: String(pull.state),
    title: String(pull.title),
    body: String(pull.body),
    labels: nodesOf(pull.labels).map(({ name }) => String(name)),
    comments: nodesOf(pull.comments).map(({ body }) => String(body)),
    headOid: String(pull.headRefOid),
    autoMerge: pull.autoMergeRequest !== null,
  };
}

function nodesOf(connection: unknown): Record<string, unknown>[] {
  const { nodes } = asRecord(connection);
  return Array.isArray(nodes) ? nodes.map(asRecord) : [];
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
