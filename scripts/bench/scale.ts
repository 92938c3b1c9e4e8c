/**
 * How the work of a run grows with the repository: each case once small and once large, on the local stage. What grows
 * with the history and not with what changed shows as a ratio.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Stage, startStage } from '../../src/local/stage.js';
import { packed } from '../../src/runtime/packed.js';
import { appName, type HistorySize, makeHistory } from './history.js';
import { ENVIRONMENTS, imageOf, opsFiles, type SHAPES, shapedFiles } from './repository.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

/** Writes the seconds of processor time that a process took when it ends; git that it starts is not in it. */
const METER = `data:text/javascript,${encodeURIComponent(
  'import { writeFileSync } from "node:fs"; process.on("exit", () => { const { user, system } = process.cpuUsage(); ' +
    'writeFileSync(process.env.BENCH_CPU, String((user + system) / 1e6)); });',
)}`;

/** New pull requests are opened in the pace that GitHub asks for, which nobody wants to wait for here. */
const SHORT_WAITS = join(root, 'test/support/short-waits.cjs');

interface Measure {
  requests: number;
  kilobytes: number;
  /** Of the processor. */
  seconds: number;
}

interface Case {
  name: string;
  small: string;
  large: string;
  measure(size: 'small' | 'large', scratch: string): Promise<Measure>;
}

const HISTORIES: Record<'small' | 'large', HistorySize> = {
  small: { apps: 100, commits: 100, tags: 100 },
  large: { apps: 2000, commits: 50_000, tags: 20_000 },
};
const [SMALL, LARGE] = ['small', 'large'].map((size) => {
  const { apps, commits, tags } = HISTORIES[size === 'small' ? 'small' : 'large'];
  return `${count(apps)} apps, ${count(commits)} commits, ${count(tags)} tags`;
});

const cases: readonly Case[] = [
  {
    ...{ name: 'tag-release, one app changed', small: SMALL ?? '', large: LARGE ?? '' },
    measure: (size, scratch) => onHistory(size, scratch, 'tag-release'),
  },
  {
    ...{ name: 'affected-apps, a push of one commit', small: SMALL ?? '', large: LARGE ?? '' },
    measure: (size, scratch) => onHistory(size, scratch, 'affected-apps'),
  },
  {
    ...{ name: 'affected-apps, a push that touches all apps', small: '100 apps', large: '2,000 apps' },
    measure: (size, scratch) => onHistory(size, scratch, 'affected-apps', HISTORIES[size].apps),
  },
  {
    ...{ name: 'status', small: '20 apps, 4 environments', large: '200 apps, 4 environments' },
    measure: (size, scratch) => onOps(size === 'small' ? 20 : 200, scratch, 'status', () => ({})),
  },
  {
    ...{ name: 'bump-ops-overlay, 2 environments', small: '1 app of 200', large: '50 apps of 200' },
    measure: (size, scratch) => onOps(200, scratch, 'bump-ops-overlay', () => released(size === 'small' ? 1 : 50)),
  },
  {
    ...{ name: 'bump-ops-overlay, 2 environments', small: '50 apps of 2,000', large: '2,000 apps of 2,000' },
    measure: (size, scratch) => onOps(2000, scratch, 'bump-ops-overlay', () => released(size === 'small' ? 50 : 2000)),
  },
  {
    ...{ name: 'promote, all apps', small: '20 apps', large: '2,000 apps' },
    measure: (size, scratch) => onOps(size === 'small' ? 20 : 2000, scratch, 'promote', () => PROMOTION),
  },
  ...shapes().map(
    (shape): Case => ({
      ...{ name: `bump-ops-overlay of one app, ${shape}`, small: '100 apps', large: '10,000 apps' },
      measure: (size, scratch) =>
        onFiles(shapedFiles(shape, size === 'small' ? 100 : 10_000), scratch, 'bump-ops-overlay', () => released(1)),
    }),
  ),
];

function shapes(): (keyof typeof SHAPES)[] {
  return ['apps/<env>/<app>', 'apps/<app>/overlays/<env>', 'charts/<app>/values-<env>.yaml'];
}

const PROMOTION = { INPUT_TO: 'production', INPUT_APPS: '*', 'INPUT_OPS-REPOSITORY': 'acme/ops', INPUT_MERGE: 'false' };

/**
 * The table of all cases, Markdown.
 *
 * @param only of those whose names have this
 */
export async function scaleReport(only = ''): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-bench-'));
  try {
    const lines: string[] = [];
    for (const each of cases.filter(({ name }) => name.includes(only))) {
      process.stderr.write(`${each.name} …\n`);
      lines.push(line(each, await each.measure('small', scratch), await each.measure('large', scratch)));
    }
    const head = ['case', 'small', 'large', 'requests', 'ratio', 'kB', 'ratio', 'processor seconds', 'ratio'];
    return [row(head), row(head.map((_title, at) => (at < 3 ? '---' : '---:'))), ...lines].join('\n');
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function line({ name, small, large }: Case, a: Measure, b: Measure): string {
  const pair = (one: number, other: number, digits: number) => [
    `${one.toFixed(digits)} → ${other.toFixed(digits)}`,
    (other / Math.max(one, 0.001)).toFixed(1),
  ];
  return row([
    ...[name, small, large, ...pair(a.requests, b.requests, 0)],
    ...[...pair(a.kilobytes, b.kilobytes, 0), ...pair(a.seconds, b.seconds, 2)],
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}

/** A run on a checkout of one commit, as `actions/checkout` makes it, on top of what is released. */
async function onHistory(
  size: 'small' | 'large',
  scratch: string,
  action: string,
  touched: number = 0,
): Promise<Measure> {
  const source = join(scratch, `${size}.git`);
  await makeHistory(source, HISTORIES[size]);
  await using stage = await startStage({ repositories: { 'acme/apps': { git: source } } });
  await rm(source, { recursive: true });
  const apps = stage.github.repository('acme/apps');
  const before = (await apps.refs())['refs/heads/main'] ?? '';
  const names = touched === 0 ? [appName(7)] : Array.from({ length: touched }, (_, index) => appName(index));
  const files = Object.fromEntries(names.map((name) => [`apps/${name}/a.txt`, 'new\n']));
  const after = await apps.commit('main', files, 'feat: new');
  const work = await mkdtemp(join(scratch, 'work-'));
  const basic = Buffer.from(`x-access-token:${stage.token}`).toString('base64');
  const header = `http.${stage.serverUrl}/.extraheader=AUTHORIZATION: basic ${basic}`;
  await run('git', ['-c', header, 'clone', '--quiet', '--depth=1', '--no-tags', `${stage.serverUrl}/acme/apps`, work]);
  const event = join(scratch, 'event.json');
  await writeFile(event, JSON.stringify({ ref: 'refs/heads/main', before, after }));
  return await measured(stage, scratch, action, {
    ...{ 'INPUT_GITHUB-TOKEN': stage.token, 'INPUT_TRACK-DELIVERY': 'true' },
    ...{ GITHUB_WORKSPACE: work, GITHUB_REPOSITORY: 'acme/apps', GITHUB_SHA: after, GITHUB_REF: 'refs/heads/main' },
    ...{ GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: event },
  });
}

function onOps(apps: number, scratch: string, action: string, inputs: () => Record<string, string>): Promise<Measure> {
  return onFiles(opsFiles(apps, action === 'promote' ? { staging: '1.1.0' } : {}), scratch, action, inputs);
}

async function onFiles(
  files: Record<string, string>,
  scratch: string,
  action: string,
  inputs: () => Record<string, string>,
): Promise<Measure> {
  await using stage = await startStage();
  await stage.github.createRepository('acme/apps', { files: { 'README.md': 'apps\n' } });
  await stage.github.createRepository('acme/ops', { files });
  // No kustomize: what it makes of a change is a bench of its own.
  const of = {
    PATH: '/nowhere',
    GITHUB_REPOSITORY: action === 'status' ? 'acme/ops' : 'acme/apps',
    GITHUB_SHA: 'b'.repeat(40),
  };
  return await measured(stage, scratch, action, { INPUT_TOKEN: stage.token, ...of, ...inputs() });
}

/** The first apps, all of them released at once. */
function released(apps: number): Record<string, string> {
  const images = Array.from({ length: apps }, (_none, index) => {
    const name = appName(index);
    const digest = `sha256:${createHash('sha256').update(name).digest('hex')}`;
    return { app: name, image: name, repository: imageOf(name), tag: '1.1.0', digest, reused: false, platforms: [] };
  });
  return {
    INPUT_IMAGES: packed(images),
    'INPUT_OPS-REPOSITORY': 'acme/ops',
    INPUT_ENVIRONMENTS: ENVIRONMENTS.slice(0, 2).join(','),
    INPUT_LABELS: 'ostack',
  };
}

async function measured(
  stage: Stage,
  scratch: string,
  action: string,
  variables: Record<string, string>,
): Promise<Measure> {
  const before = stage.github.requests.length;
  const meter = join(scratch, 'cpu');
  const env = {
    ...{ PATH: process.env.PATH, HOME: scratch, BENCH_CPU: meter, RUNNER_TEMP: scratch },
    GITHUB_API_URL: stage.apiUrl,
    GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    GITHUB_SERVER_URL: stage.serverUrl,
    ...variables,
  };
  const bundle = join(root, 'dist', `${action}.js`);
  await run(process.execPath, ['--import', METER, '--require', SHORT_WAITS, bundle], { env, maxBuffer: 2 ** 28 });
  const requests = stage.github.requests.slice(before);
  return {
    requests: requests.length,
    kilobytes: requests.reduce((sum, { bytes }) => sum + bytes, 0) / 1024,
    seconds: Number(await readFile(meter, 'utf8')),
  };
}
