/**
 * One app's new version to 1, 2 and 4 environments, in ops repositories of 100, 1,000 and 10,000 apps: this project's
 * bundle beside what people do today, on one stage with the same latency. Prints Markdown.
 *
 * Then a preview in a small and in a large repository, and how the work of other verbs grows with the repository.
 *
 *     npm run bench -- [--apps 100,1000] [--runs 3] [--latency 40]
 *     npm run bench -- --scale [--case promote]
 *     npm run bench -- --previews
 *     npm run bench -- --charts 200
 *     npm run bench -- --infra 10
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { type Stage, startStage } from '../../src/local/stage.js';
import { chartsReport } from './charts.js';
import { infraReport } from './infra.js';
import { previewReport } from './preview.js';
import { ENVIRONMENTS, imageOf, opsFiles } from './repository.js';
import { scaleReport } from './scale.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

interface Measure {
  requests: number;
  bytes: number;
  milliseconds: number;
}

interface Row {
  apps: number;
  environments: number;
  ours: Measure;
  byHand: Measure;
}

interface Contest {
  stage: Stage;
  /** The bundle of what people do today. */
  byHand: string;
  app: string;
  environments: string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      apps: { type: 'string', default: '100,1000,10000' },
      runs: { type: 'string', default: '3' },
      latency: { type: 'string', default: '40' },
      scale: { type: 'boolean', default: false },
      previews: { type: 'boolean', default: false },
      case: { type: 'string', default: '' },
      charts: { type: 'string', default: '' },
      infra: { type: 'string', default: '' },
    },
  });
  if (values.charts !== '') {
    process.stdout.write(`${await chartsReport(Number(values.charts), Number(values.runs))}\n`);
    return;
  }
  if (values.infra !== '') {
    process.stdout.write(`${await infraReport(Number(values.infra), Number(values.runs))}\n`);
    return;
  }
  if (values.scale) {
    process.stdout.write(`${await scaleReport(values.case)}\n`);
    return;
  }
  if (values.previews) {
    process.stdout.write(`${await previewReport(Number(values.latency))}\n`);
    return;
  }
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-bench-'));
  try {
    const byHand = join(scratch, 'by-hand.mjs');
    buildSync({
      entryPoints: [join(root, 'scripts/bench/by-hand.ts')],
      outfile: byHand,
      platform: 'node',
      format: 'esm',
    });
    const rows: Row[] = [];
    for (const apps of values.apps.split(',').map(Number)) {
      process.stderr.write(`An ops repository of ${apps} apps …\n`);
      rows.push(...(await benchRepository(apps, Number(values.runs), Number(values.latency), byHand)));
    }
    const parts = [
      report(rows, Number(values.latency), Number(values.runs)),
      await previewReport(Number(values.latency)),
      await scaleReport(),
      await infraReport(10, Number(values.runs)),
    ];
    process.stdout.write(`${parts.join('\n\n')}\n`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function benchRepository(apps: number, runs: number, latencyMs: number, byHand: string): Promise<Row[]> {
  await using stage = await startStage({ latencyMs });
  await stage.github.createRepository('acme/apps', { files: { 'README.md': 'apps\n' } });
  await stage.github.createRepository('acme/ops', { files: opsFiles(apps) });
  // Every run takes an app that has no pull request yet; the first warms up the disk and is not counted.
  let next = 0;
  const rows: Row[] = [];
  for (const count of [1, 2, 4]) {
    const environments = ENVIRONMENTS.slice(0, count);
    const repeat = async (contestant: (contest: Contest) => Promise<void>) => {
      const measures: Measure[] = [];
      for (let round = 0; round <= runs; round++) {
        const contest = { stage, byHand, app: `app-${next++}`, environments };
        measures.push(await measure(stage, () => contestant(contest)));
      }
      return median(measures.slice(1));
    };
    // One after the other, because a clone of thousands of files keeps the disk busy after its end.
    const ours = await repeat(runOurs);
    const theirs = await repeat(runByHand);
    const row = { apps, environments: count, ours, byHand: theirs };
    process.stderr.write(`${line(row)}\n`);
    rows.push(row);
  }
  return rows;
}

async function runOurs({ stage, app, environments }: Contest): Promise<void> {
  const env = {
    PATH: process.env.PATH,
    GITHUB_API_URL: stage.apiUrl,
    GITHUB_GRAPHQL_URL: stage.graphqlUrl,
    GITHUB_SERVER_URL: stage.serverUrl,
    GITHUB_REPOSITORY: 'acme/apps',
    GITHUB_SHA: 'b'.repeat(40),
    INPUT_IMAGE: imageOf(app),
    INPUT_TAG: '1.1.0',
    'INPUT_OPS-REPOSITORY': 'acme/ops',
    INPUT_ENVIRONMENTS: environments.join(','),
    INPUT_TOKEN: stage.token,
    'INPUT_APPS-TOKEN': stage.token,
    INPUT_LABELS: 'ostack',
  };
  await run(process.execPath, [join(root, 'dist', 'bump-ops-overlay.js')], { env });
}

async function runByHand({ stage, byHand, app, environments }: Contest): Promise<void> {
  const env = {
    PATH: process.env.PATH,
    SERVER: stage.serverUrl,
    API: stage.apiUrl,
    TOKEN: stage.token,
    APP: app,
    VERSION: '1.1.0',
    ENVIRONMENTS: environments.join(','),
  };
  await run(process.execPath, [byHand], { env });
}

async function measure(stage: Stage, contestant: () => Promise<void>): Promise<Measure> {
  const before = stage.github.requests.length;
  const start = performance.now();
  await contestant();
  const milliseconds = performance.now() - start;
  const requests = stage.github.requests.slice(before);
  return { requests: requests.length, bytes: requests.reduce((sum, { bytes }) => sum + bytes, 0), milliseconds };
}

/** The run of middle duration. */
function median(measures: readonly Measure[]): Measure {
  const sorted = [...measures].sort((a, b) => a.milliseconds - b.milliseconds);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) {
    throw new Error('Nothing was measured: --runs has to be at least 1.');
  }
  return middle;
}

function report(rows: readonly Row[], latencyMs: number, runs: number): string {
  const head = [
    '| apps in ops | environments | requests, ours | by hand | kB, ours | by hand | seconds, ours | by hand | times faster |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  const notes = `Median of ${runs} runs each, ${latencyMs} ms latency for every request, on the local stage.`;
  return [...head, ...rows.map(line), '', notes, ...growth(rows)].join('\n');
}

function line({ apps, environments, ours, byHand }: Row): string {
  const kilobytes = ({ bytes }: Measure) => Math.round(bytes / 1024).toLocaleString('en');
  const seconds = ({ milliseconds }: Measure) => (milliseconds / 1000).toFixed(2);
  const ratio = (byHand.milliseconds / ours.milliseconds).toFixed(1);
  const cells = [apps.toLocaleString('en'), environments, ours.requests, byHand.requests];
  return `| ${[...cells, kilobytes(ours), kilobytes(byHand), seconds(ours), seconds(byHand), ratio].join(' | ')} |`;
}

/** How our own time grows with the repository. */
function growth(rows: readonly Row[]): string[] {
  const sizes = rows.map(({ apps }) => apps);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (least === most) {
    return [];
  }
  const total = (apps: number) =>
    rows.filter((row) => row.apps === apps).reduce((sum, { ours }) => sum + ours.milliseconds, 0);
  const factor = (total(most) / total(least)).toFixed(2);
  return [
    `Ours at ${most.toLocaleString('en')} apps takes ${factor} times what it takes at ${least.toLocaleString('en')}.`,
  ];
}

await main();
