import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  type LocalRepository,
  type RequestRecord,
  type Stage,
  seededDelays,
  startStage,
} from '../../../src/local/stage.js';
import { PREVIEWS_OF_FLUX } from '../../ops/verbs/previews/support.js';
import { deployment } from '../../support/deployment.js';
import { type ActionResult, runAction } from '../../support/run-action.js';

export const DIGEST = `sha256:${'a'.repeat(64)}`;
/** The branch of previews. */
export const BRANCH = 'ostack/previews';
export const PERSON = { name: 'Ada', email: 'ada@acme.dev' };

const PREVIEWS =
  'previews: { host: staging, limit: 20, ttl: 72h, url: "https://{app}.{name}.preview.acme.dev", reconciler: flux }\n';

const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - host: my-app.acme.dev
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

/** A small ops repository of the usual layout, with one app that has an address and one that has none. */
export const OPS_FILES: Record<string, string> = {
  'ostack.yaml': `environments:\n  staging: { cd: true }\n${PREVIEWS}`,
  'clusters/staging/previews/ostack-previews.yaml': PREVIEWS_OF_FLUX,
  'bases/my-app/kustomization.yaml': 'resources: [deployment.yaml, ingress.yaml]\n',
  'bases/my-app/deployment.yaml': deployment('my-app'),
  'bases/my-app/ingress.yaml': INGRESS,
  'bases/other/kustomization.yaml': 'resources: [deployment.yaml]\n',
  'bases/other/deployment.yaml': deployment('other'),
  'overlays/staging/my-app/kustomization.yaml': overlay('my-app', '1.3.0'),
  'overlays/staging/other/kustomization.yaml': overlay('other', '7.0.0'),
};

/** An app's files once more, as another app's. */
export function appFiles(app: string, name: string): [string, string][] {
  return Object.entries(OPS_FILES).flatMap(([path, text]): [string, string][] =>
    path.includes(`/${app}/`) ? [[path.replace(app, name), text.replace(`bases/${app}`, `bases/${name}`)]] : [],
  );
}

/** The same with other rules for previews; no object shows what deploys them. */
export function opsFiles(previews: string): Record<string, string> {
  const named = previews.includes('reconciler:')
    ? previews
    : previews.replace('host: staging', 'host: staging, reconciler: flux');
  return {
    ...OPS_FILES,
    'ostack.yaml': `environments:\n  staging: { cd: true }\nprevious: x\n`.replace('previous: x\n', named),
  };
}

function overlay(app: string, version: string): string {
  return `resources:\n- ../../../bases/${app}\nimages:\n- name: ghcr.io/acme/${app}\n  newTag: "${version}"\n`;
}

export interface PreviewRun extends ActionResult {
  requests: RequestRecord[];
  /** The output `previews`. */
  previews: { name: string; action: string; state: string; position: number | null; url: string; reason: string }[];
}

const previewsSchema = v.array(
  v.looseObject({
    name: v.string(),
    action: v.string(),
    state: v.string(),
    position: v.nullable(v.number()),
    url: v.string(),
    reason: v.string(),
  }),
);

/** A pull request as tests know it. */
export interface TestPull {
  number: number;
  head: string;
  branch: string;
}

/** A stage with an ops repository `acme/ops` and an apps repository `acme/apps`. */
export interface PreviewStage extends AsyncDisposable {
  stage: Stage;
  ops: LocalRepository;
  apps: LocalRepository;
  rest(method: string, path: string, body?: unknown): Promise<unknown>;
  /** A person opens a pull request. */
  openPull(branch: string, title?: string): Promise<TestPull>;
  /** A person pushes to it. */
  push(pull: TestPull): Promise<TestPull>;
  closePull(pull: TestPull): Promise<void>;
  create(pull: TestPull, inputs?: Record<string, string>, signal?: AbortSignal): Promise<PreviewRun>;
  cleanup(pull: TestPull | undefined, inputs?: Record<string, string>, signal?: AbortSignal): Promise<PreviewRun>;
  comments(pull: TestPull): Promise<string[]>;
  /** Name of the preview with the states of every deployment's newest status, oldest first. */
  deployments(): Promise<string[]>;
  /** Names of previews that run, and of those that wait. */
  previews(): Promise<{ active: string[]; queued: string[] }>;
}

const pullSchema = v.object({ number: v.number(), head: v.object({ sha: v.string() }) });
const bodiesSchema = v.array(v.object({ body: v.string() }));
const deploymentsSchema = v.array(v.object({ id: v.number(), environment: v.literal('preview'), task: v.string() }));
const statusesSchema = v.array(v.object({ state: v.string(), environment_url: v.string(), description: v.string() }));

export async function previewStage(
  files = OPS_FILES,
  appsName = 'acme/apps',
  config = '',
  now?: () => Date,
  options: { private?: boolean } = {},
): Promise<PreviewStage> {
  const stage = await startStage({ delays: seededDelays(3), ...(now === undefined ? {} : { now }) });
  const own = { 'apps/my-app/Dockerfile': 'FROM scratch\n', ...(config === '' ? {} : { 'ostack.yaml': config }) };
  const apps = await stage.github.createRepository(appsName, { files: own }, options);
  const ops = await stage.github.createRepository('acme/ops', { files });
  return { ...connectStage(stage, apps, ops), [Symbol.asyncDispose]: () => stage.close() };
}

/** Another apps repository on the same stage. */
export async function otherApps(world: PreviewStage, name: string, config: string): Promise<PreviewStage> {
  const { stage, ops } = world;
  const apps = await stage.github.createRepository(name, { files: { 'ostack.yaml': config } });
  return { ...connectStage(stage, apps, ops), [Symbol.asyncDispose]: async () => {} };
}

function connectStage(
  stage: Stage,
  apps: LocalRepository,
  ops: LocalRepository,
): Omit<PreviewStage, typeof Symbol.asyncDispose> {
  const rest = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${stage.apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  };
  const repo = `/repos/${apps.name}`;
  const run = (action: string, pull: TestPull | undefined, inputs: Record<string, string>, signal?: AbortSignal) =>
    runWith(stage, apps.name, action, { name: 'pull_request', payload: eventOf(pull) }, inputs, signal);
  return {
    ...{ stage, ops, apps, rest },
    async openPull(branch, title = `Change by ${branch}`) {
      await apps.commit(branch, { [`apps/my-app/${branch}.txt`]: 'one\n' }, `feat: ${branch}`, PERSON);
      const pull = v.parse(pullSchema, await rest('POST', `${repo}/pulls`, { title, head: branch, base: 'main' }));
      return { number: pull.number, head: pull.head.sha, branch };
    },
    async push(pull) {
      const head = await apps.commit(pull.branch, { [`${pull.head}.txt`]: 'more\n' }, 'fix: more', PERSON);
      // The event that starts a run comes when the pull request shows the commit.
      await stage.github.passTime();
      return { ...pull, head };
    },
    async closePull({ number }) {
      await rest('PATCH', `${repo}/pulls/${number}`, { state: 'closed' });
    },
    create: (pull, inputs = {}, signal = undefined) =>
      run('create-preview-env', pull, { images: imagesOf(pull), ...inputs }, signal),
    cleanup: (pull, inputs = {}, signal = undefined) => run('cleanup-preview-env', pull, inputs, signal),
    async comments({ number }) {
      const comments = await rest('GET', `${repo}/issues/${number}/comments?per_page=100`);
      return v.parse(bodiesSchema, comments).map(({ body }) => body);
    },
    async deployments() {
      const all = v.parse(deploymentsSchema, await rest('GET', `${repo}/deployments?per_page=100`));
      const lines = all.reverse().map(async ({ id, task }) => {
        const statuses = v.parse(statusesSchema, await rest('GET', `${repo}/deployments/${id}/statuses`));
        return `${task.replace('deploy:preview/', '')}: ${statuses.map(({ state, environment_url: url }) => `${state}${url === '' ? '' : ` ${url}`}`).join(' < ')}`;
      });
      return Promise.all(lines);
    },
    async previews() {
      const there = (await ops.refs())[`refs/heads/${BRANCH}`] !== undefined;
      return readPreviews(there ? await rest('GET', `/repos/acme/ops/git/trees/${BRANCH}?recursive=1`) : { tree: [] });
    },
  };
}

const treeSchema = v.object({ tree: v.array(v.object({ path: v.string(), type: v.string() })) });

/** Reads which previews are whole, and fails for one that is half there. */
function readPreviews(tree: unknown): { active: string[]; queued: string[] } {
  const paths = v.parse(treeSchema, tree).tree.flatMap(({ path, type }) => (type === 'blob' ? [path] : []));
  const named = (pattern: RegExp) => [...new Set(paths.flatMap((path) => pattern.exec(path)?.[1] ?? []))];
  const records = named(/^previews\/records\/(.+)\.yaml$/);
  const folders = named(/^previews\/((?:.+-)?(?:pr|run)-[^/]+)\//);
  const objects = named(/^previews\/clusters\/staging\/(.+-\d+)\.yaml$/);
  const active = records.filter((name) => folders.includes(name) && objects.includes(name));
  const queued = records.filter((name) => !folders.includes(name) && !objects.includes(name));
  const half = [...records, ...folders, ...objects].filter((name) => !active.includes(name) && !queued.includes(name));
  if (half.length > 0) {
    throw new Error(`${half.join(', ')} are half there`);
  }
  const byNumber = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true });
  return { active: active.sort(byNumber), queued: queued.sort(byNumber) };
}

function eventOf(pull: TestPull | undefined): unknown {
  return pull === undefined
    ? {}
    : { action: 'synchronize', number: pull.number, pull_request: { number: pull.number, head: { sha: pull.head } } };
}

export function imagesOf({ number, head }: TestPull): string {
  const image = {
    ...{ app: 'my-app', image: 'my-app', repository: 'ghcr.io/acme/my-app' },
    ...{ tag: `pr-${number}-${head}`, digest: DIGEST, reused: false, platforms: ['linux/amd64'] },
  };
  return JSON.stringify([image]);
}

/** Runs a bundle with the event's file, as a runner does. */
export async function runWith(
  stage: Stage,
  repository: string,
  action: string,
  event: { name: string; payload: unknown },
  inputs: Record<string, string>,
  signal?: AbortSignal,
): Promise<PreviewRun> {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-event-'));
  try {
    const path = join(scratch, 'event.json');
    await writeFile(path, JSON.stringify(event.payload));
    const before = stage.github.requests.length;
    const result = await runAction({
      action,
      inputs: { token: stage.token, 'github-token': stage.token, 'poll-interval': '0s', ...inputs },
      env: {
        GITHUB_API_URL: stage.apiUrl,
        GITHUB_GRAPHQL_URL: stage.graphqlUrl,
        GITHUB_SERVER_URL: stage.serverUrl,
        GITHUB_REPOSITORY: repository,
        GITHUB_SHA: 'b'.repeat(40),
        GITHUB_RUN_ID: '7',
        GITHUB_EVENT_NAME: event.name,
        GITHUB_EVENT_PATH: path,
      },
      signal,
    });
    const parsed = v.parse(previewsSchema, JSON.parse(result.outputs.previews ?? '[]'));
    return { ...result, requests: stage.github.requests.slice(before), previews: parsed };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** `pr-1: opened, deploying` of every preview. */
export function lines({ previews }: PreviewRun): string[] {
  return previews.map(
    ({ name, action, state, position }) => `${name}: ${action}, ${state}${position === null ? '' : ` ${position}`}`,
  );
}

/** The requests of the run to GitHub, one line each. */
export function requestLines(run: PreviewRun): string[] {
  return run.requests.map(
    ({ method, path, operation, status }) =>
      `${operation ?? `${method} ${path.replace(/\d+(?=\/statuses)/, 'ID')}`} ${status}`,
  );
}

/** The error annotations of a run. */
export function errorsOf({ stdout }: ActionResult): string {
  return annotations(stdout, 'error');
}

export function warningsOf({ stdout }: ActionResult): string {
  return annotations(stdout, 'warning');
}

function annotations(stdout: string, kind: string): string {
  const found = [...stdout.matchAll(new RegExp(`^::${kind}::(.*)$`, 'gm'))];
  return found.map((match) => decodeURIComponent((match[1] ?? '').replace(/%(?![0-9A-F]{2})/g, '%25'))).join('\n');
}

/** Replaces commit ids, addresses and times by names that stay the same. */
export function normalise(text: string, { stage }: PreviewStage): string {
  return text
    .replaceAll(stage.serverUrl, 'https://github.test')
    .replaceAll(stage.token, 'TOKEN')
    .replaceAll(DIGEST, 'sha256:DIGEST')
    .replace(/\b[0-9a-f]{40}\b/g, 'SHA')
    .replace(/`[0-9a-f]{7}`/g, '`SHORT`')
    .replace(/\[[0-9a-f]{7}\]/g, '[SHORT]')
    .replace(/-[0-9a-f]{7}`/g, '-SHA`')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)/g, 'TIME')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST');
}

export interface Website extends AsyncDisposable {
  port: number;
  /** Answers to come, the last one for ever. */
  answers: { status: number; version?: string; body?: string }[];
}

/** The address of a preview, with the answers that it gives. */
export async function website(...answers: Website['answers']): Promise<Website> {
  const site = createServer((_, response) => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    response.writeHead(answer?.status ?? 500, answer?.version === undefined ? {} : { 'x-version': answer.version });
    response.end(answer?.body ?? '');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const address = site.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ...{ port, answers },
    async [Symbol.asyncDispose]() {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
    },
  };
}
