import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packed } from '../../../src/local/github/http/archive.js';
import type { LocalRepository, Stage } from '../../../src/local/stage.js';
import { type RequestRecord, requestArtifact } from '../../../src/ops/verbs/previews/ask/request-record.js';
import { at, rest, webTokenOf } from '../../local/github/support.js';
import {
  BRANCH,
  DIGEST,
  OPS_FILES,
  type PreviewRun,
  type PreviewStage,
  previewStage,
  runWith,
  type TestPull,
} from '../create-preview-env/support.js';

export const IMAGE = 'ghcr.io/acme/previews/my-app';
const POLICY = (OPS_FILES['ostack.yaml'] ?? '').replace('host: staging,', 'host: staging, from: [acme/apps],');
const GATE = 'acme-ops-gate';
const READS = { actions: 'read', contents: 'read', pull_requests: 'read' } as const;

/** Ops, where the ops App alone writes the branch of previews, and the apps repository that may ask. */
export interface ServedStage extends PreviewStage {
  /** Of the ops App: one for ops, and one that reads the apps repositories. */
  tokens: { ops: string; apps: string };
  /** Of the proposer, whose key is in the apps repository. */
  proposer: string;
}

/**
 * @param policy `ostack.yaml` of ops
 * @param isPrivate whether the apps repository is: of one that is public, any token reads anything
 */
export async function servedStage(
  policy = POLICY,
  config = '',
  now?: () => Date,
  isPrivate = false,
): Promise<ServedStage> {
  const world = await previewStage({ ...OPS_FILES, 'ostack.yaml': policy }, 'acme/apps', config, now, {
    private: isPrivate,
  });
  const { stage, ops } = world;
  const granted = { ...READS, contents: 'write' } as const;
  const take = appOn(stage, GATE, granted, ['acme/ops', 'acme/apps']);
  const proposer = appOn(stage, 'acme-ops-proposer', { contents: 'write', statuses: 'read' }, ['acme/ops']);
  ops.ruleset('oStack previews', {
    ...{ target: 'branch', include: [`refs/heads/${BRANCH}`] },
    rules: { creation: true, update: true, deletion: true, nonFastForward: true },
    bypass: [`${GATE}[bot]`],
  });
  return {
    ...world,
    tokens: { ops: await take({ contents: 'write' }), apps: await take(READS) },
    proposer: await proposer({ contents: 'write', statuses: 'read' }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

function appOn(stage: Stage, slug: string, granted: Record<string, 'read' | 'write'>, repositories: string[]) {
  const { token: signIn, installation } = webTokenOf(stage, slug, granted, repositories);
  return async (permissions: object) => {
    const tokens = `POST /app/installations/${installation}/access_tokens`;
    return at((await rest(stage, tokens, { permissions }, signIn)).body, 'token');
  };
}

/** An image of a pull request, as its run says it. */
export function imageOf({ number, head }: TestPull) {
  const names = { app: 'my-app', image: 'my-app', repository: IMAGE, released: 'ghcr.io/acme/my-app' };
  return { ...names, tag: `pr-${number}-${head}`, digest: DIGEST };
}

type Report = Parameters<LocalRepository['reportRun']>[0];

/** What of a run, of what it asks for or of the dispatch is otherwise than where everything is honest. */
export interface Otherwise {
  run?: Partial<Report>;
  record?: Partial<RequestRecord>;
  /** How many artifacts of the name there are. */
  artifacts?: number;
  /** Digest that GitHub says the artifact has. */
  digest?: string;
  /** What is dispatched. */
  payload?: Record<string, unknown>;
}

/** Leaves the run of a pull request with what it asks for, as the workflow does, or otherwise. @returns its id */
export async function leaveRun(
  { apps }: Pick<ServedStage, 'apps'>,
  pull: TestPull,
  otherwise: Otherwise = {},
): Promise<number> {
  const { run = {}, record = {}, artifacts = 1 } = otherwise;
  const id = run.id ?? 100 + pull.number;
  await apps.reportRun({
    ...{
      id,
      number: 1,
      attempt: 1,
      title: 'feat',
      workflow: 'Pull request',
      file: '.github/workflows/pull-request.yml',
    },
    ...{ event: 'pull_request', actor: 'ada', triggeringActor: 'ada', status: 'in_progress', conclusion: null },
    ...{ headBranch: pull.branch, headSha: pull.head, headRepository: 'acme/apps', pulls: [pull.number] },
    ...{ referenced: [], annotations: [], jobs: [] },
    ...run,
  });
  const said = {
    version: 1,
    pullRequest: pull.number,
    head: pull.head,
    affected: [],
    images: [imageOf(pull)],
    ...record,
  };
  for (let index = 0; index < artifacts; index++) {
    const name = requestArtifact(said.pullRequest === undefined);
    await store(apps, id, name, JSON.stringify(said), otherwise.digest);
  }
  return id;
}

async function store(apps: LocalRepository, runId: number, name: string, content: string, digest?: string) {
  const file = 'preview.json';
  const root = join(tmpdir(), 'ostack-previews');
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, 'asked-'));
  await writeFile(join(folder, file), content);
  const own = createHash('sha256')
    .update(await packed(folder, [file]))
    .digest('hex');
  apps.addArtifact({ name, runId, size: content.length, files: [file], folder, digest: digest ?? own }, undefined);
}

/** Runs `serve-previews` as its workflow does, for what was dispatched; without a payload on its schedule. */
export function serve(
  { stage, tokens }: ServedStage,
  payload?: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<PreviewRun> {
  const event =
    payload === undefined
      ? { name: 'schedule', payload: {} }
      : { name: 'repository_dispatch', payload: { action: 'ostack-preview', client_payload: payload } };
  return runWith(
    ...([
      stage,
      'acme/ops',
      'serve-previews',
      event,
      { token: tokens.ops, 'apps-token': tokens.apps },
      signal,
    ] as const),
  );
}

/** Leaves a run that asks, and serves it. */
export async function asked(world: ServedStage, pull: TestPull, otherwise: Otherwise = {}): Promise<PreviewRun> {
  const run = await leaveRun(world, pull, otherwise);
  return serve(world, { repository: 'acme/apps', run, pull_request: pull.number, ...otherwise.payload });
}
