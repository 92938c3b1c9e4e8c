/** Two repositories on a local stage, and runs of previews on them that are measured. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, type GitHub } from '../../src/github/client.js';
import { type LocalRepository, type Stage, startStage } from '../../src/local/stage.js';
import { appName } from './history.js';
import { imageOf, opsFiles } from './repository.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
/** What is not measured waits a hundredth as long for GitHub's pace. */
const SHORT_WAITS = join(root, 'test/support/short-waits.cjs');
const POLICY = `environments: { staging: {} }
previews: { host: staging, reconciler: flux, limit: 100, apps: [app-1, app-2, app-3], from: [acme/apps] }
`;
const AT = { owner: 'acme', repo: 'apps' };

export interface Measure {
  requests: number;
  seconds: number;
}

export interface Pull {
  number: number;
  head: string;
  branch: string;
}

/** An event as GitHub gives it to a run. */
export interface BenchEvent {
  name: string;
  payload: unknown;
}

export interface PreviewWorld extends AsyncDisposable {
  stage: Stage;
  apps: LocalRepository;
  ops: LocalRepository;
  github: GitHub;
  open(branch: string): Promise<Pull>;
  push(pull: Pull, text: string): Promise<Pull>;
  close(pull: Pull): Promise<void>;
  /** Runs a bundle with further variables. */
  measure(action: string, event: BenchEvent, variables?: Record<string, string>): Promise<Measure>;
}

/** @param apps how many the ops repository has */
export async function previewWorld(apps: number, latencyMs: number): Promise<PreviewWorld> {
  const stage = await startStage({ latencyMs });
  const code = await stage.github.createRepository('acme/apps', { files: { 'README.md': 'apps\n' } });
  const ops = await stage.github.createRepository('acme/ops', { files: { ...opsFiles(apps), 'ostack.yaml': POLICY } });
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-bench-'));
  const github = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const commit = (branch: string, text: string) => code.commit(branch, { 'README.md': `${text}\n` }, `feat: ${text}`);
  return {
    ...{ stage, apps: code, ops, github },
    async open(branch) {
      const head = await commit(branch, branch);
      const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/pulls', {
        ...{ ...AT, title: branch, head: branch, base: 'main' },
      });
      return { number: data.number, head, branch };
    },
    async push(pull, text) {
      const head = await commit(pull.branch, text);
      await stage.github.passTime();
      return { ...pull, head };
    },
    async close({ number }) {
      await github.octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...{ ...AT, pull_number: number, state: 'closed' },
      });
    },
    measure: (action, event, variables = {}) => measured(stage, scratch, action, event, variables),
    async [Symbol.asyncDispose]() {
      await rm(scratch, { recursive: true, force: true });
      await stage.close();
    },
  };
}

export function eventOf({ number, head }: Pull): BenchEvent {
  return { name: 'pull_request', payload: { pull_request: { number, head: { sha: head } } } };
}

/** The one image that a pull request changes, where it was pushed to. */
export function imageIn(repository: string) {
  const app = appName(0);
  return { app, image: app, repository, released: imageOf(app), tag: 'pr', digest: `sha256:${'a'.repeat(64)}` };
}

export function imagesOf(image: ReturnType<typeof imageIn>): Record<string, string> {
  return { INPUT_IMAGES: JSON.stringify([{ ...image, reused: false, platforms: [] }]) };
}

/** For runs whose time nobody measures. */
export const UNTIMED = { NODE_OPTIONS: `--require ${SHORT_WAITS}` };

async function measured(
  stage: Stage,
  scratch: string,
  action: string,
  { name, payload }: BenchEvent,
  variables: Record<string, string>,
): Promise<Measure> {
  const event = join(scratch, `${action}.json`);
  await writeFile(event, JSON.stringify(payload));
  const env = {
    ...{ PATH: process.env.PATH, HOME: scratch, RUNNER_TEMP: scratch },
    ...{ GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl, GITHUB_SERVER_URL: stage.serverUrl },
    ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: 'b'.repeat(40), GITHUB_RUN_ID: '7' },
    ...{ GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: event },
    ...{ INPUT_TOKEN: stage.token, 'INPUT_GITHUB-TOKEN': stage.token, 'INPUT_OPS-REPOSITORY': 'acme/ops' },
    ...variables,
  };
  const before = stage.github.requests.length;
  const start = performance.now();
  await run(process.execPath, [join(root, 'dist', `${action}.js`)], { env, maxBuffer: 2 ** 28 });
  const seconds = (performance.now() - start) / 1000;
  return { requests: stage.github.requests.length - before, seconds };
}
