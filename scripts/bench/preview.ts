/**
 * A preview of one app with three others beside it, in ops repositories of 100 and of 10,000 apps, from its first commit to the sweep:
 * requests and seconds side by side, with the same latency on one stage each.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from '../../src/github/client.js';
import { type Stage, startStage } from '../../src/local/stage.js';
import { appName } from './history.js';
import { imageOf, opsFiles } from './repository.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const SIZES = [100, 10_000];
const POLICY = `environments: { staging: {} }
previews: { host: staging, reconciler: flux, apps: [app-1, app-2, app-3] }
`;

interface Measure {
  requests: number;
  seconds: number;
}

/** What happens to a preview, in this order, and what each run is. */
const STEPS = ['the first one, with its branch', 'one more', 'a push', 'the same again', 'the sweep', 'the end of one'];

/**
 * The table, Markdown.
 *
 * @param latencyMs of each request
 */
export async function previewReport(latencyMs: number): Promise<string> {
  const measured: Measure[][] = [];
  for (const apps of SIZES) {
    process.stderr.write(`A preview in an ops repository of ${apps} apps …\n`);
    measured.push(await measureAll(apps, latencyMs));
  }
  const sizes = SIZES.map((apps) => apps.toLocaleString('en'));
  const head = [
    'a preview',
    ...sizes.map((size) => `requests, ${size} apps`),
    ...sizes.map((size) => `seconds, ${size} apps`),
  ];
  const rows = STEPS.map((step, index) => {
    const own = measured.map((each) => each[index] ?? { requests: 0, seconds: 0 });
    return [step, ...own.map(({ requests }) => requests), ...own.map(({ seconds }) => seconds.toFixed(2))];
  });
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows];
  const notes = `One run each, ${latencyMs} ms latency for every request, on the local stage; the comment and the deployment are in it.`;
  return [...lines.map((cells) => `| ${cells.join(' | ')} |`), '', notes].join('\n');
}

async function measureAll(apps: number, latencyMs: number): Promise<Measure[]> {
  await using stage = await startStage({ latencyMs });
  const code = await stage.github.createRepository('acme/apps', { files: { 'README.md': 'apps\n' } });
  await stage.github.createRepository('acme/ops', { files: { ...opsFiles(apps), 'ostack.yaml': POLICY } });
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-bench-'));
  const { octokit } = connect({ token: stage.token, apiUrl: stage.apiUrl, graphqlUrl: stage.graphqlUrl });
  const at = { owner: 'acme', repo: 'apps' };
  const push = (branch: string, text: string) => code.commit(branch, { 'README.md': `${text}\n` }, `feat: ${text}`);
  const open = async (branch: string) => {
    const head = await push(branch, branch);
    const { data } = await octokit.request('POST /repos/{owner}/{repo}/pulls', {
      ...{ ...at, title: branch, head: branch, base: 'main' },
    });
    return { number: data.number, head };
  };
  const create = (pull: Pull) => measure(stage, scratch, 'create-preview-env', pull);
  try {
    const [first, second] = [await open('one'), await open('two')];
    const opened = [await create(first), await create(second)];
    const pushed = { ...second, head: await push('two', 'more') };
    await stage.github.passTime();
    const more = [await create(pushed), await create(pushed)];
    const sweep = await measure(stage, scratch, 'cleanup-preview-env', undefined);
    await octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...{ ...at, pull_number: second.number, state: 'closed' },
    });
    return [...opened, ...more, sweep, await measure(stage, scratch, 'cleanup-preview-env', pushed)];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Pull {
  number: number;
  head: string;
}

/** Runs an action for a pull request, or as the sweep. */
async function measure(stage: Stage, scratch: string, action: string, pull: Pull | undefined): Promise<Measure> {
  const event = join(scratch, 'event.json');
  const payload = pull === undefined ? {} : { pull_request: { number: pull.number, head: { sha: pull.head } } };
  await writeFile(event, JSON.stringify(payload));
  const app = appName(0);
  const image = { app, image: app, repository: imageOf(app), tag: 'pr', digest: `sha256:${'a'.repeat(64)}` };
  const env = {
    ...{ PATH: process.env.PATH, HOME: scratch, RUNNER_TEMP: scratch },
    ...{ GITHUB_API_URL: stage.apiUrl, GITHUB_GRAPHQL_URL: stage.graphqlUrl, GITHUB_SERVER_URL: stage.serverUrl },
    ...{ GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: 'b'.repeat(40), GITHUB_RUN_ID: '7' },
    ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event },
    ...{ INPUT_TOKEN: stage.token, 'INPUT_GITHUB-TOKEN': stage.token, 'INPUT_OPS-REPOSITORY': 'acme/ops' },
    INPUT_IMAGES: JSON.stringify([{ ...image, reused: false, platforms: [] }]),
    INPUT_MODE: pull === undefined ? 'sweep' : 'pull-request',
  };
  const before = stage.github.requests.length;
  const start = performance.now();
  await run(process.execPath, [join(root, 'dist', `${action}.js`)], { env, maxBuffer: 2 ** 28 });
  const seconds = (performance.now() - start) / 1000;
  return { requests: stage.github.requests.length - before, seconds };
}
